"""The operator's view of users and keys. Neither a code nor a password nor a second factor can be seen here."""

from functools import reduce
from operator import or_
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from accounts.forms import ParentEmailField, PhoneField
from accounts.models import ApiKey, User
from accounts.services import revoke_api_key
from common.text import clean

for model in (EmailAddress, Authenticator, UserSession, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class UserForm(forms.ModelForm):
    phone = PhoneField(required=False)
    parent_email = ParentEmailField(
        required=False, help_text=_("Instead of a phone, for pupils of primary grades; brothers and sisters share it.")
    )

    class Meta:
        model = User
        fields = ["phone", "parent_email", "display_name", "email", "is_active", "is_staff", "is_superuser"]

    def clean_phone(self) -> str | None:
        return self.cleaned_data["phone"] or None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("phone")) == bool(data.get("parent_email")):
            self.add_error("phone", gettext("Give either a phone or the e-mail of a parent."))
        return data


@admin.register(User)
class UserAdmin(ModelAdmin):
    form = UserForm
    list_display = ("display_name", "phone", "parent_email", "phone_verified_at", "is_active", "is_staff", "last_login")
    list_display_links = ("display_name", "phone")
    list_filter = ("is_staff", "is_active", ("phone_verified_at", admin.EmptyFieldListFilter))
    search_fields = ("phone", "parent_email", "display_name")
    search_help_text = _("Phone, name or a parent’s e-mail")
    ordering = ("-date_joined",)
    readonly_fields = ("phone_verified_at", "last_login", "date_joined")
    show_full_result_count = False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """By digits of the phone or by name; SQLite does not fold Cyrillic case, so a word is tried in its forms."""
        if "@" in search_term:
            return queryset.filter(parent_email=clean(search_term).lower()), False
        digits = "".join(char for char in search_term if char.isdecimal())
        if digits:
            # «8 (912)…» is stored as «+7912…».
            starts = Q(phone__contains=digits) | Q(phone__startswith=f"+7{digits[1:]}" if digits[0] == "8" else digits)
            return queryset.filter(starts), False
        for word in search_term.split():
            forms = {word, word.lower(), word.upper(), word.capitalize()}
            queryset = queryset.filter(reduce(or_, (Q(display_name__contains=form) for form in forms)))
        return queryset, False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        rights = () if request.user.is_superuser else ("is_staff", "is_superuser")
        return (*self.readonly_fields, *rights)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A person is shut out by `is_active`; what was done under the account stays."""
        return False


@admin.register(ApiKey)
class ApiKeyAdmin(ModelAdmin):
    list_display = ("name", "prefix", "user", "read_only", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("read_only", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__phone")
    exclude = ("key_hash",)
    ordering = ("-created_at",)
    actions = ("action_revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    @admin.action(description=_("Revoke"), permissions=["view"])
    def action_revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """End the chosen keys for good."""
        keys = list(queryset.filter(revoked_at=None))
        for key in keys:
            revoke_api_key(key)
        text = ngettext("%(count)s key was revoked.", "%(count)s keys were revoked.", len(keys))
        self.message_user(request, text % {"count": len(keys)}, messages.SUCCESS)
