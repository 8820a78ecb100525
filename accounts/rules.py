"""The rules of use and the policy of personal data: texts with versions, readable by anybody (ACC-5).

Each version is a folder of `rules_texts`, named by its day; `settings.RULES_VERSION` is the one in force. A new version
is a new folder: what somebody accepted can always be read again.
"""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from accounts.models import User
from common.errors import DomainError

_TEXTS = Path(__file__).parent / "rules_texts"
RULES, PERSONAL_DATA = "rules", "personal-data"
# What stays open without them: to read them, to leave, to take one's data along, to close the account, to be helped.
# Names of pages and of the API alike.
OPEN_WITHOUT = frozenset(
    {
        *("rules", "rules_personal_data", "rules_accept", "api_rules", "api_rules_accept"),
        *("account_logout", "account_inactive", "service_worker", "manifest", "favicon", "healthz", "readyz"),
        *("account_data", "account_data_ask", "account_data_file", "api_my_exports"),
        *("account_delete", "account_delete_cancel", "api_my_deletion"),
        *("account_hacked", "api_my_hacked"),
    }
)


@cache
def versions() -> tuple[str, ...]:
    """Return all versions, the newest first."""
    return tuple(sorted((folder.name for folder in _TEXTS.iterdir() if folder.is_dir()), reverse=True))


@cache
def text_of(kind: str, version: str) -> SafeString:
    """Return a text as HTML; `kind` is `RULES` or `PERSONAL_DATA`, `version` one of `versions()`."""
    if version not in versions() or kind not in (RULES, PERSONAL_DATA):
        raise LookupError(version)
    source = (_TEXTS / version / f"{kind}.md").read_text(encoding="utf-8")
    # Our own files; HTML in them would be shown as text all the same.
    return mark_safe(MarkdownIt("commonmark", {"html": False}).render(source))  # noqa: S308


def are_accepted(user: User) -> bool:
    """Tell whether `user` has accepted the rules in force; asks the database nothing."""
    return bool(user.rules_version == settings.RULES_VERSION)


def is_open_without(request: HttpRequest) -> bool:
    """Tell whether the address may be used by somebody who has not accepted the rules in force."""
    match = request.resolver_match
    return match is not None and match.url_name in OPEN_WITHOUT


def refusal() -> DomainError:
    """What the API answers whoever has not accepted the rules in force."""
    return DomainError(
        "rules_not_accepted", _("The rules of use have changed. Read and accept them first."), status=403
    )
