"""The one place where an application comes from one state into another (REG-2)."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from registration.models import CLOSED, MOVES, Application, ApplicationEvent


@transaction.atomic
def move(
    application: Application,
    state: str,
    *,
    revision: int,
    operator: User | None = None,
    text: str = "",
    fields: Sequence[str] = (),
    **values: Any,
) -> Application:
    """Bring `application` into `state` with one line of its history, and set `values` with it; return it anew.

    The conditions stand in the statement: of two who decide at once one wins, and nobody decides about what has
    changed since it was shown. Raises `DomainError("application_changed")` (409) for the other one.
    """
    before = [old for old, moves in MOVES.items() if state in moves]
    if state in CLOSED:
        values["decided_at"] = timezone.now()
    rows = Application.objects.filter(pk=application.pk, state__in=before, revision=revision)
    if not rows.update(state=state, revision=F("revision") + 1, **values):
        raise DomainError(
            "application_changed",
            _("The application has changed meanwhile. Please look at it again before you decide."),
        )
    ApplicationEvent.objects.create(
        application=application, state=state, operator=operator, text=text, fields=list(fields)
    )
    return Application.objects.select_related("order", "organization").get(pk=application.pk)
