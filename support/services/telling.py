"""Who is told of a request for help: by push or letter; who cannot get in, by letter only (SUP-1)."""

from __future__ import annotations

from django.conf import settings

from orgs.telling import tell
from outbox.models import Channel
from outbox.services import queue
from support.models import HelpEntry, HelpRequest
from support.selectors.requests import who_answers


def tell_asker(row: HelpRequest, entry: HelpEntry) -> None:
    """Tell the asker what came: a member by push or letter, somebody outside by a letter with the words."""
    context = {"request": row.pk, "entry": entry.pk}
    key = f"help:{row.pk}:{entry.pk}"
    if row.person is not None and row.organization is not None:
        people = [row.person] if row.person.user_id else []
        tell(organization=row.organization, people=people, template="help_told", context=context, key=f"{key}:told")
    elif row.email:
        queue(
            channel=Channel.EMAIL,
            recipient=row.email,
            template="help_outside",
            context=context,
            organization_id=row.organization_id,
            reference=f"help:{row.pk}",
            dedupe_key=f"{key}:outside",
        )


def tell_administrators(row: HelpRequest, occasion: str, template: str = "help_came") -> int:
    """Tell whoever deals with the request, else all administrators; once for each `occasion`."""
    if row.organization is None:
        return 0
    return tell(
        organization=row.organization,
        people=who_answers(row),
        template=template,
        context={"request": row.pk, "revision": row.revision},
        key=f"help:{row.pk}:{occasion}:{template}",
    )


def tell_operator(row: HelpRequest, occasion: str, template: str = "help_for_operator") -> None:
    """Write to the mailbox of the platform's support, where there is one; the operator's tool shows the number."""
    if settings.SUPPORT_EMAIL:
        queue(
            channel=Channel.EMAIL,
            recipient=settings.SUPPORT_EMAIL,
            template=template,
            context={"request": row.pk, "revision": row.revision},
            reference=f"help:{row.pk}",
            dedupe_key=f"help:{row.pk}:{occasion}:{template}",
        )
