"""Demonstration data: three invented organizations with a year behind them, the same at every start.

Nothing is drawn from the clock but the dates themselves: names, phones and places come from a seed of their own.
"""

from collections.abc import Callable
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from orgs.models import Kind, Organization
from sferum_admin.demo import (
    acts,
    centre,
    channels,
    chats,
    events,
    history,
    kindergarten,
    known,
    links,
    paperwork,
    requests,
    school,
    usage,
)
from sferum_admin.demo.people import Accounts, Cast, Phones, found
from stats.services.rollup import roll_up

__all__ = ["load", "who_can_sign_in"]

Report = Callable[[str], None]

PLANS = (
    (school, links.Plan(("1А", "1Б", "5А"), used_up=("2А", "8А"), annulled=("6Б", "10А"), fresh=("1В", "5Б", "7Б"))),
    (kindergarten, links.Plan(("Капельки",), used_up=("Почемучки",), annulled=("Ягодки",), fresh=("Звёздочки",))),
    (centre, links.Plan(used_up=("Шахматы",), annulled=("Юный эколог",), fresh=("Робототехника",))),
)


def load(report: Report) -> None:
    """Write the demonstration data unless an organization exists already; all or nothing.

    `report` gets a line for each organization when it is there.
    """
    if Organization.objects.exists():
        return
    with transaction.atomic():
        now = timezone.now()
        phones, accounts = Phones(Random("phones")), Accounts()  # noqa: S311 - invented data, not secrets
        casts = []
        for place, plan in PLANS:
            draw = Random(place.__name__)  # noqa: S311
            cast = found(place.organization(), draw, phones, accounts, now)
            place.fill(cast)
            _write(cast, plan)
            casts.append(cast)
            report(f"  {cast.organization.short_name}")
        _add_operator()
        paperwork.send_applications(now)
        requests.write_calls(now)
        usage.appoint_curator(casts)
        roll_up(now=now)


def who_can_sign_in() -> list[tuple[str, str]]:
    """Return phone and description of those whom one tries the platform as."""
    return [(known.spaced(person.phone), person.description) for person in known.EVERYBODY]


def _write(cast: Cast, plan: links.Plan) -> None:
    paperwork.confirm_staff(cast)
    cast.save()
    history.write(cast, links.make(cast, plan))
    chats.write(cast)
    channels.write(cast)
    acts.write(cast)
    events.write(cast)
    usage.write(cast)
    if cast.organization.kind == Kind.SCHOOL:
        paperwork.write(cast)
        requests.write(cast)


def _add_operator() -> None:
    name = " ".join((known.OPERATOR.name.last, known.OPERATOR.name.first))
    User.objects.create_superuser(
        known.OPERATOR.phone, display_name=name, phone_verified_at=timezone.now(), rules_version=settings.RULES_VERSION
    )
