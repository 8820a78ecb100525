"""The operator's view of the statistics: curators are appointed here; whether the counting is right is seen here."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from common.admin import ReadOnlyAdmin
from stats.admin_forms import NewCuratorForm
from stats.models import Curatorship, Norm, RollupState, StatsRules
from stats.services.access import end_curatorship

_ADDRESS = _("Address of the organization")


@admin.register(Curatorship)
class CuratorshipAdmin(ReadOnlyAdmin):
    """Here, and only here, curators are appointed; ending is an action of the list. Journals of both are the
    organization's."""

    list_display = ("curator", "organization", "authority", "since", "until")
    list_filter = (("until", admin.EmptyFieldListFilter),)
    list_select_related = ("organization", "user")
    search_fields = ("organization__slug", "user__phone")
    search_help_text = _("Address of the organization, phone of the curator")
    ordering = ("-id",)
    fields = ("organization", "user", "authority", "since", "until")
    new_fields = ("phone", "name", "authority", "organizations")
    actions = ("action_end",)

    @display(description=_("curator"))
    def curator(self, curatorship: Curatorship) -> str:
        return str(curatorship.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("stats.add_curatorship")

    def get_form(
        self, request: HttpRequest, obj: Curatorship | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            return NewCuratorForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Curatorship | None = None) -> Any:
        return self.new_fields if obj is None else self.fields

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """One button: what was made is shown, not made again."""
        context.update(show_save_and_add_another=False, show_save_and_continue=False)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Curatorship, form: Any, change: bool) -> None:
        """The service appoints; `obj` becomes the first of them, for the answer and the log."""
        made = form.create()[0]
        obj.pk, obj.organization, obj.user, obj.authority = made.pk, made.organization, made.user, made.authority

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has saved everything."""

    @admin.action(description=_("End"), permissions=["add"])
    def action_end(self, request: HttpRequest, queryset: QuerySet[Curatorship]) -> None:
        """The curators see nothing of these organizations from their next request on."""
        ended = [end_curatorship(curatorship=row) for row in queryset.select_related("organization", "user")]
        text = ngettext("%(count)s curatorship has ended.", "%(count)s curatorships have ended.", sum(ended))
        self.message_user(request, text % {"count": sum(ended)}, messages.SUCCESS)


class DifferenceFilter(admin.SimpleListFilter):
    """Organizations in which the nightly recount has found something."""

    title = _("difference")
    parameter_name = "difference"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("found last night")), ("ever", _("found at any time"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        name = {"now": "difference", "ever": "difference_total"}.get(self.value() or "")
        return queryset.filter(**{f"{name}__gt": 0}) if name else queryset


@admin.register(RollupState)
class RollupStateAdmin(ReadOnlyAdmin):
    """How far each organization is counted, and what the nightly recount found: it must find nothing (STAT-4)."""

    list_display = (
        "organization",
        "counted_at",
        "first_day",
        "last_day",
        "frozen_before",
        "checked_day",
        "difference",
        "difference_total",
        "is_right",
    )
    list_filter = (DifferenceFilter,)
    list_select_related = ("organization",)
    search_fields = ("organization__slug",)
    search_help_text = _ADDRESS
    ordering = ("-difference", "-difference_total", "organization__slug")
    fields = (
        "organization",
        "basis",
        "counted_at",
        "first_day",
        "last_day",
        "frozen_before",
        "checked_day",
        "checked_at",
        "difference",
        "difference_total",
    )

    @display(description=_("no difference"), boolean=True)
    def is_right(self, state: RollupState) -> bool:
        return state.difference == 0


@admin.register(StatsRules)
class StatsRulesAdmin(ReadOnlyAdmin):
    list_display = ("organization", "weekly_letter", "without_doubtful")
    list_filter = ("weekly_letter", "without_doubtful")
    list_select_related = ("organization",)
    search_fields = ("organization__slug",)
    search_help_text = _ADDRESS
    ordering = ("organization__slug",)


@admin.register(Norm)
class NormAdmin(ReadOnlyAdmin):
    list_display = ("figure", "organization", "percent", "is_on")
    list_filter = ("is_on", "figure")
    list_select_related = ("organization",)
    search_fields = ("organization__slug", "figure")
    search_help_text = _ADDRESS
    ordering = ("organization__slug", "figure")
