"""Whether the time of the answer at the door tells if a number is known (ACC-1): `python -m benchmarks.door`.

Known and unknown numbers take turns; each is asked for once. «Told apart» is how often somebody who bets on the slower
of two answers is right: one half is a coin.
"""

from __future__ import annotations

import os
import random
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from benchmarks import harness
from benchmarks.request import CSRF, Ask, Stack

TIMES, WARM = 800, 20


def main() -> None:
    """Prepare, measure, print."""
    for limit in ("UNKNOWN_PHONES_PER_ADDRESS_PER_HOUR", "SMS_CODES_PER_ORGANIZATION_PER_DAY", "SMS_CODES_PER_DAY"):
        os.environ[limit] = str(TIMES * 2)
    harness.prepare_environment()
    import django

    django.setup()
    from django.core.cache import cache

    cache.clear()  # what former runs have counted
    known = make_members()
    unknown = [f"+7902{number:07d}" for number in range(len(known))]
    seconds: dict[bool, list[float]] = {True: [], False: []}
    stack, chance = Stack(), random.Random(1)
    for place, pair in enumerate(zip(known, unknown, strict=True)):
        for is_known in chance.sample((True, False), 2):
            spent = seconds_of(stack, pair[0] if is_known else pair[1])
            if place >= WARM:
                seconds[is_known].append(spent)
    for is_known, name in ((True, "known"), (False, "unknown")):
        print(f"{name:8} median {median(seconds[is_known]) * 1000:.2f} ms")
    print(f"told apart: {told_apart(seconds[True], seconds[False]):.1%}")


def make_members() -> list[str]:
    """The phones of teachers of one school."""
    from accounts.services import ensure_user
    from orgs.models import Person, Role, RoleAssignment
    from orgs.services.organization import OrganizationData, create_organization
    from orgs.services.people import PersonData

    data = OrganizationData(kind="school", name="Школа", short_name="Школа", slug="bench")
    school = create_organization(data=data, administrator=PersonData("А", "А", phone="+79990000000"))
    phones = [f"+7903{number:07d}" for number in range(TIMES)]
    for phone in phones:
        person = Person.objects.create(organization=school, user=ensure_user(phone), last_name="А", first_name="Б")
        RoleAssignment.objects.create(organization=school, person=person, role=Role.TEACHER)
    return phones


def seconds_of(stack: Stack, phone: str) -> float:
    body = urlencode({"csrfmiddlewaretoken": CSRF, "phone": phone}).encode()
    begun = perf_counter()
    stack.answer(Ask("", "/signin/", "POST", body, status=302))
    return perf_counter() - begun


def told_apart(slow: list[float], quick: list[float]) -> float:
    """Return how often one of `slow` is larger than one of `quick`, over all pairs; equal ones count by half."""
    pairs = [(one > other) + (one == other) / 2 for one in slow for other in quick]
    return sum(pairs) / len(pairs)


if __name__ == "__main__":
    main()
