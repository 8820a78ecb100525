"""The operator's view of links. Tokens and codes are made when shown to those who may invite: never here (INV-11)."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ReadOnlyAdmin
from invitations.models import Invitation, InvitationUse, JoinRequest, JoinRules, State, WithdrawnConfirmation

_COLOURS = {State.ACTIVE: "success", State.USED_UP: "info", State.EXPIRED: "warning", State.REVOKED: "danger"}


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("number", "organization", "unit", "role", "shown_state", "used", "expires_at", "owner")
    list_filter = ("role", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization", "unit", "owner")
    search_fields = (
        "unit__sort_key",
        "owner__search_name",
        "person__search_name",
        "student__search_name",
        "organization__slug",
    )
    search_help_text = _("Unit, any part of a name, the address of the organization")
    ordering = ("-id",)

    @display(description="№", ordering="id")
    def number(self, link: Invitation) -> str:
        return str(link)

    @display(description=_("state"), label={str(state.label): colour for state, colour in _COLOURS.items()})
    def shown_state(self, link: Invitation) -> str:
        return str(link.state.label)

    @display(description=_("used"))
    def used(self, link: Invitation) -> str:
        return _("%(uses)s of %(most)s") % {"uses": link.uses, "most": link.max_uses}


@admin.register(InvitationUse)
class InvitationUseAdmin(ReadOnlyAdmin):
    list_display = ("person", "invitation", "organization", "at", "claimed_child")
    list_select_related = ("person", "invitation", "organization")
    search_fields = ("person__search_name", "organization__slug")
    ordering = ("-id",)


@admin.register(JoinRequest)
class JoinRequestAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "organization", "unit", "state", "created_at", "decided_at", "decided_by")
    list_filter = ("state", "role")
    list_select_related = ("organization", "unit", "decided_by")
    search_fields = ("search_name", "organization__slug", "user__phone")
    ordering = ("-id",)


@admin.register(JoinRules)
class JoinRulesAdmin(ReadOnlyAdmin):
    list_display = ("organization", "is_open", "staff_review", "days_until_stale")
    list_select_related = ("organization",)
    search_fields = ("organization__slug",)


@admin.register(WithdrawnConfirmation)
class WithdrawnConfirmationAdmin(ReadOnlyAdmin):
    list_display = ("person", "organization", "withdrawn_at", "given_back_at")
    list_select_related = ("person", "organization")
    search_fields = ("person__search_name", "organization__slug")
    ordering = ("-id",)
