"""The operator's form that appoints a curator over several organizations at once (STAT-7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from accounts.phones import normalise_phone
from accounts.services import ensure_user
from common.errors import DomainError
from common.text import clean
from orgs.models import Organization
from stats.models import Curatorship
from stats.services.access import appoint_curator


class NewCuratorForm(forms.ModelForm):
    """Who, on whose behalf, and over which organizations."""

    phone = forms.CharField(
        label=_("Mobile phone"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("The curator signs in with this number."),
    )
    name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_(
            "The organizations read who sees their figures. Of somebody with an account the name stays as it is."
        ),
    )
    authority = forms.CharField(
        label=_("Authority"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("For example: Education Department of the city"),
    )
    organizations = forms.ModelMultipleChoiceField(
        label=_("Organizations"),
        queryset=Organization.objects.order_by("short_name"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )

    class Meta:
        model = Curatorship
        fields = ("authority",)

    def clean_phone(self) -> str:
        try:
            return normalise_phone(self.cleaned_data["phone"])
        except DomainError as error:
            raise ValidationError(error.message) from error

    def clean_authority(self) -> str:
        authority = clean(self.cleaned_data["authority"])
        if not authority:
            raise ValidationError(_("Write on whose behalf the curator sees the figures."))
        return authority

    def clean(self) -> dict[str, Any]:
        """Judge what the services would refuse, before anything is written."""
        data = super().clean() or self.cleaned_data
        data["name"] = clean(data.get("name", ""))
        user = User.objects.filter(phone=data.get("phone", "")).first()
        if not data["name"] and (user is None or not user.display_name):
            self.add_error("name", _("Write the name."))
        chosen = data.get("organizations", Organization.objects.none())
        present = Curatorship.objects.filter(user=user, until=None, organization__in=chosen) if user else []
        names = [row.organization.short_name for row in present]
        if names:
            self.add_error("organizations", _("This curator already sees: %(names)s.") % {"names": ", ".join(names)})
        return data

    @transaction.atomic
    def create(self) -> list[Curatorship]:
        """Appoint over all of them, each with a line in its journal; raises `DomainError`."""
        data = self.cleaned_data
        user = ensure_user(data["phone"], display_name=data["name"])
        if not user.display_name:
            User.objects.filter(pk=user.pk).update(display_name=data["name"])
            user.display_name = data["name"]
        return [
            appoint_curator(user=user, organization=organization, authority=data["authority"])
            for organization in data["organizations"]
        ]
