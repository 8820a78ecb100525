"""Joining by a link and looking at a class, over HTTP on PostgreSQL: `python -m benchmarks.joining`.

The floor of joining is what PostgreSQL does alone for one join: the conditional update of the link and the row of who
joined, by pgbench on the same tables in the same run.
"""

from __future__ import annotations

from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlencode

from benchmarks import harness

JOINS, CLASSES, STUDENTS, CLIENTS = 600, 40, 25, 8
IN_CLASS = STUDENTS + JOINS // CLASSES

FLOOR = """
\\set link random(1, (SELECT_MAX))
BEGIN;
UPDATE invitations_invitation SET uses = uses + 1 WHERE id = :link AND revoked_at IS NULL AND uses < max_uses
  AND expires_at > now();
INSERT INTO orgs_roleassignment (organization_id, person_id, role, since, until)
  VALUES (1, :link, 'parent', now(), now());
COMMIT;
"""


def main() -> None:
    """Prepare, measure, print the table."""
    harness.prepare_environment()
    import django

    django.setup()
    school = make_school()
    tokens, hot = make_links(school)
    sessions = [make_session(f"+7900{number:07d}") for number in range(1, JOINS * 2 + 1)]
    class_page = f"/o/bench/units/{school['units'][1].pk}/"  # the first one fills with those who join
    with harness.server() as process:
        warm = [partial(get, session=school["session"], path=class_page)] * 20
        harness.run_clients(warm, 2)
        spread = [
            partial(join, session=session, token=tokens[place % len(tokens)], number=place)
            for place, session in enumerate(sessions[:JOINS])
        ]
        one = [
            partial(join, session=session, token=hot, number=JOINS + place)
            for place, session in enumerate(sessions[JOINS:])
        ]
        floor = harness.pgbench(FLOOR.replace("(SELECT_MAX)", str(len(tokens))), CLIENTS)
        harness.report(f"joining, {len(tokens)} links, {CLIENTS} clients", *harness.run_clients(spread, CLIENTS), floor)
        harness.report(f"joining, one hot link, {CLIENTS} clients", *harness.run_clients(one, CLIENTS))
        pages = {
            f"page of a class of {IN_CLASS}": (class_page, 400),
            f"class of {IN_CLASS} through the API": (f"/api/v1{class_page}members/?part=student", 400),
            f"people, 50 of {CLASSES * STUDENTS + 2 * JOINS}": ("/o/bench/people/", 300),
        }
        for name, (path, times) in pages.items():
            looks = [partial(get, session=school["session"], path=path)] * times
            harness.report(f"{name}, {CLIENTS} clients", *harness.run_clients(looks, CLIENTS))
        print("memory of the web workers, MB:", harness.memory_of_workers(process))


def make_school() -> dict:
    """A school of 40 classes with 1,000 students."""
    from accounts.models import User
    from orgs.actor import load_actor
    from orgs.models import Part
    from orgs.services.organization import OrganizationData, create_organization
    from orgs.services.people import PersonData, add_person
    from orgs.services.structure import class_from_name, create_units, enrol

    data = OrganizationData(kind="school", name="Школа", short_name="Школа", slug="bench")
    phone = "+79990000000"
    organization = create_organization(data=data, administrator=PersonData("А", "А", phone=phone))
    names = [class_from_name(f"{1 + n // 4}{'АБВГ'[n % 4]}") for n in range(CLASSES)]
    units = create_units(organization=organization, actor=None, units=names)
    for unit in units:
        people = [
            add_person(organization=organization, actor=None, data=PersonData("Ученик", f"Имя{n}"), roles=[])
            for n in range(STUDENTS)
        ]
        enrol(actor=None, people=people, unit=unit, part=Part.STUDENT)
    user = User.objects.get(phone=phone)
    return {"units": units, "actor": load_actor(user.pk, "bench"), "session": make_session(phone)}


def make_links(school: dict) -> tuple[list[str], str]:
    """Tokens of one student link per class, and of one link for everybody."""
    from invitations import tokens
    from invitations.services import LinkTerms, create_links

    make = partial(create_links, actor=school["actor"], role="student", terms=LinkTerms(max_uses=1000))
    spread, hot = make(units=school["units"]), make(units=school["units"][:1])[0]
    return [tokens.make_token(link.pk, 1) for link in spread], tokens.make_token(hot.pk, 1)


def make_session(phone: str) -> str:
    """A browser in which the confirmed user of `phone` is signed in: the key of its session."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from accounts.models import User
    from accounts.services import confirm_phone, ensure_user

    user = ensure_user(phone)
    confirm_phone(user, timezone.now())
    # Who has not accepted the rules of use is led to them first.
    User.objects.filter(pk=user.pk).update(rules_version=settings.RULES_VERSION)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def word(number: int) -> str:
    """A name of its own for each newcomer: names hold no digits."""
    return "Имя" + "".join("абвгдежзик"[int(digit)] for digit in str(number))


def get(connection: HTTPConnection, *, session: str, path: str) -> None:
    """Load one page."""
    connection.request("GET", path, headers={"Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    assert response.status == 200, (path, response.status)


def join(connection: HTTPConnection, *, session: str, token: str, number: int) -> None:
    """Post the form of the link's page as a browser does: with the token against forged requests."""
    csrf = "a" * 32
    fields = {"csrfmiddlewaretoken": csrf, "last_name": "Новиков", "first_name": word(number), "patronymic": ""}
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={csrf}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Host": f"127.0.0.1:{harness.PORT}",
        "Origin": f"http://127.0.0.1:{harness.PORT}",
    }
    connection.request("POST", f"/join/{token}/", urlencode(fields), headers)
    response = connection.getresponse()
    body = response.read()
    assert response.status == 302, (response.status, body[:2000].decode())


if __name__ == "__main__":
    main()
