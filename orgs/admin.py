"""The operator's view of organizations. It shows; what it writes goes through the same services as the pages."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from guardian.admin import GuardedModelAdminMixin
from unfold.decorators import display

from common.admin import ReadOnlyAdmin, ReadOnlyInline
from common.text import normalise
from orgs.admin_forms import DETAILS, NAMES, NewOrganizationForm, RightsForm
from orgs.audit import sentence_of
from orgs.models import (
    AcademicYear,
    AuditEvent,
    Enrolment,
    Guardianship,
    HandoverOffer,
    Organization,
    Person,
    RoleAssignment,
    Unit,
)
from orgs.vocabulary import Vocabulary


class GuardedAdmin(GuardedModelAdminMixin, ReadOnlyAdmin):
    """Read only, with a page that grants rights beyond the role on the row."""

    obj_perms_manage_template = "admin/orgs/rights.html"

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        # Guardian's page of rights asks without a row; the row itself stays read only.
        return obj is None and bool(request.user.is_superuser)

    def get_obj_perms_manage_user_form(self, request: HttpRequest) -> type[RightsForm]:
        return RightsForm


@admin.register(Organization)
class OrganizationAdmin(GuardedAdmin):
    """Here, and only here, an organization comes to be (REG-3); its administrator does the rest on the pages."""

    list_display = ("short_name", "kind", "region", "time_zone", "slug", "created_at")
    list_filter = ("kind",)
    search_fields = ("slug",)
    search_help_text = _("Any part of the name, the region or the address on the platform")
    ordering = ("short_name",)
    readonly_fields = ("logo_version", "created_at")
    new_fieldsets = (
        (None, {"fields": DETAILS}),
        (_("The first administrator"), {"fields": NAMES}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Organizations have no normalised column and are few: their names are compared here, with one query."""
        words = normalise(search_term).split()
        if not words:
            return queryset, False
        names = queryset.order_by().values_list("pk", "name", "short_name", "region", "slug")
        texts = {pk: normalise(" ".join(parts)) for pk, *parts in names}
        found = [pk for pk, text in texts.items() if all(word in text for word in words)]
        return queryset.filter(pk__in=found), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orgs.add_organization")

    def get_form(
        self, request: HttpRequest, obj: Organization | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = NewOrganizationForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Organization | None = None) -> Any:
        return self.new_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Organization | None = None) -> Any:
        return () if obj is None else self.readonly_fields

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """One button: what was made is shown, not made again."""
        context.update(show_save_and_add_another=False, show_save_and_continue=False)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        """The service makes the organization; `obj` becomes it, for the answer and the log."""
        made = form.create()
        obj.pk, obj.slug = made.pk, made.slug

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has saved everything."""


@admin.register(AcademicYear)
class AcademicYearAdmin(ReadOnlyAdmin):
    list_display = ("name", "organization", "starts_on", "ends_on", "is_current")
    list_filter = ("is_current",)
    list_select_related = ("organization",)
    search_fields = ("name", "organization__slug")


@admin.register(Unit)
class UnitAdmin(GuardedAdmin):
    list_display = ("name", "kind", "organization", "academic_year", "archived_at")
    list_filter = ("kind", ("archived_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization", "academic_year")
    search_fields = ("sort_key", "organization__slug")
    search_help_text = _("Name of the unit or address of the organization")
    ordering = ("organization_id", "sort_key", "id")
    readonly_fields = ("created_at",)


class RoleInline(ReadOnlyInline):
    model = RoleAssignment
    fields = ("role", "since", "until")


class EnrolmentInline(ReadOnlyInline):
    model = Enrolment
    fields = ("unit", "part", "since", "until", "order_number", "order_date")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("unit")


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ("full_name", "organization", "phone", "has_joined", "joined_at")
    list_filter = (("user", admin.EmptyFieldListFilter),)
    list_select_related = ("organization",)
    search_fields = ("search_name", "phone", "organization__slug")
    search_help_text = _("Any part of the name, the phone, the address of the organization")
    ordering = ("search_name", "id")
    raw_id_fields = ("user", "organization", "merged_into")
    inlines = (RoleInline, EnrolmentInline)

    @display(description=_("Last name, first name, patronymic"), ordering="search_name")
    def full_name(self, person: Person) -> str:
        return person.full_name

    @display(description=_("Joined"), boolean=True)
    def has_joined(self, person: Person) -> bool:
        return person.has_joined


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(ReadOnlyAdmin):
    list_display = ("person", "role", "organization", "since", "until")
    list_filter = ("role", ("until", admin.EmptyFieldListFilter))
    list_select_related = ("person", "organization")
    search_fields = ("person__search_name", "organization__slug")
    ordering = ("-id",)


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    list_display = ("person", "unit", "part", "organization", "since", "until")
    list_filter = ("part", ("until", admin.EmptyFieldListFilter))
    list_select_related = ("person", "unit", "organization")
    search_fields = ("person__search_name", "unit__sort_key", "organization__slug")
    ordering = ("-id",)


@admin.register(Guardianship)
class GuardianshipAdmin(ReadOnlyAdmin):
    list_display = ("parent", "child", "organization", "since", "until")
    list_filter = (("until", admin.EmptyFieldListFilter),)
    list_select_related = ("parent", "child", "organization")
    search_fields = ("parent__search_name", "child__search_name", "organization__slug")
    ordering = ("-id",)


@admin.register(HandoverOffer)
class HandoverOfferAdmin(ReadOnlyAdmin):
    list_display = (
        "from_person",
        "to_person",
        "organization",
        "created_at",
        "accepted_at",
        "declined_at",
        "withdrawn_at",
    )
    list_select_related = ("from_person", "to_person", "organization")
    search_fields = ("from_person__search_name", "to_person__search_name", "organization__slug")
    ordering = ("-id",)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The journal keeps names as values, so people are searched in the roster and matched by their ids."""

    list_display = ("at", "organization_name", "actor_name", "sentence")
    search_fields = ("action",)
    search_help_text = _("Any part of a name, the address of the organization")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        home = Organization.objects.filter(pk=OuterRef("organization_id"))
        named = {name: Subquery(home.values(name)[:1]) for name in ("short_name", "kind", "labels")}
        return super().get_queryset(request).annotate(**{f"home_{name}": value for name, value in named.items()})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in normalise(search_term).split():
            people = Person.objects.filter(search_name__contains=word).values("pk")
            homes = Organization.objects.filter(slug__contains=word).values("pk")
            found = models.Q(person_id__in=people) | models.Q(actor_id__in=people)
            queryset = queryset.filter(found | models.Q(organization_id__in=homes) | models.Q(action__contains=word))
        return queryset, False

    @display(description=_("organization"))
    def organization_name(self, event: Any) -> str:
        return event.home_short_name or f"№ {event.organization_id}"

    @display(description=_("What happened"))
    def sentence(self, event: Any) -> str:
        if event.home_kind is None:
            return str(event.action)
        return sentence_of(event, Vocabulary(event.home_kind, event.home_labels or {}))
