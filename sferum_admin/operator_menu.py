"""How the operator's tool looks and what its menu holds: `settings.UNFOLD`."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _entry(title: Any, icon: str, model: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{model}_changelist")}


_ORGANIZATIONS = [
    _entry(_("Applications"), "assignment", "registration_application") | {"badge": "registration.operator.waiting"},
    _entry(_("Requests for help"), "support_agent", "support_helprequest") | {"badge": "support.operator.waiting"},
    _entry(_("Organizations"), "school", "orgs_organization"),
    _entry(_("Units"), "account_tree", "orgs_unit"),
    _entry(_("Academic years"), "calendar_month", "orgs_academicyear"),
    _entry(_("Journal"), "history", "orgs_auditevent"),
    _entry(_("Deletions"), "delete_history", "registration_deletion"),
]
_PEOPLE = [
    _entry(_("People"), "groups", "orgs_person"),
    _entry(_("Roles"), "badge", "orgs_roleassignment"),
    _entry(_("Enrolments"), "how_to_reg", "orgs_enrolment"),
    _entry(_("Families"), "family_restroom", "orgs_guardianship"),
    _entry(_("Handovers"), "swap_horiz", "orgs_handoveroffer"),
]
_INVITATIONS = [
    _entry(_("Invitations"), "link", "invitations_invitation"),
    _entry(_("Who joined"), "login", "invitations_invitationuse"),
]
_CHATS = [
    _entry(_("Chats"), "forum", "chats_chat"),
    _entry(_("Looks into chats"), "visibility", "chats_inspection"),
    _entry(_("Channels"), "campaign", "channels_app_channel"),
]
_STATISTICS = [
    _entry(_("Curators"), "supervisor_account", "stats_curatorship"),
    _entry(_("State of the counting"), "monitoring", "stats_rollupstate"),
    _entry(_("Rules"), "tune", "stats_statsrules"),
    _entry(_("Norms"), "flag", "stats_norm"),
]
_PLATFORM = [
    _entry(_("Users"), "person", "accounts_user"),
    _entry(_("API keys"), "key", "accounts_apikey"),
    _entry(_("Outbox"), "outbox", "outbox_message"),
    _entry(_("Files"), "folder", "files_storedfile"),
]


def _favicon(request: Any) -> str:
    return static("favicon.svg")


UNFOLD = {
    "SITE_TITLE": _("The platform's operator"),
    "SITE_HEADER": _("The platform's operator"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "school",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _favicon}],
    "DASHBOARD_CALLBACK": "sferum_admin.operator_home.dashboard",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254.604)",
            "100": "oklch(93.2% .032 255.585)",
            "200": "oklch(88.2% .059 254.128)",
            "300": "oklch(80.9% .105 251.813)",
            "400": "oklch(70.7% .165 254.624)",
            "500": "oklch(62.3% .214 259.815)",
            "600": "oklch(54.6% .245 262.881)",
            "700": "oklch(48.8% .243 264.376)",
            "800": "oklch(42.4% .199 265.638)",
            "900": "oklch(37.9% .146 265.522)",
            "950": "oklch(28.2% .091 267.935)",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {"title": _("Organizations"), "items": _ORGANIZATIONS},
            {"title": _("People"), "items": _PEOPLE},
            {"title": _("Invitations"), "items": _INVITATIONS},
            {"title": _("Chats"), "items": _CHATS},
            {"title": _("Statistics"), "items": _STATISTICS},
            {"title": _("Platform"), "items": _PLATFORM},
        ],
    },
}
