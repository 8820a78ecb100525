"""Whom of the roster an applicant may be: the match, the differences, and possible duplicates (INV-6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from common.text import normalise
from invitations.models import JoinRequest
from invitations.selectors.newcomers import is_same_human
from orgs.models import Enrolment, Part, Person, Role, RoleAssignment
from orgs.selectors.people import with_roster_columns


@dataclass(frozen=True)
class Candidate:
    """A person of the roster without an account whom the applicant may be."""

    person: Person
    by_phone: bool
    by_name: bool
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """What the roster says of one request.

    `member`: who the applicant is here already. `children`: students of the unit with the name a parent wrote.
    `duplicates`: people with an account of the same name or phone. `is_certain`: nothing has to be thought over.
    """

    request: JoinRequest
    member: Person | None
    candidates: tuple[Candidate, ...]
    children: tuple[Person, ...]
    duplicates: tuple[Person, ...]
    is_certain: bool = False

    @property
    def person(self) -> Person | None:
        """Whom the applicant most probably is: the only row of the roster that bears the name."""
        found = [one.person for one in self.candidates if one.by_name]
        return found[0] if len(found) == 1 else None

    @property
    def child(self) -> Person | None:
        """The parent's child, when only one bears the name."""
        return self.children[0] if len(self.children) == 1 else None

    @property
    def is_ready(self) -> bool:
        """Whether the request can be accepted as it stands: everything it needs is known."""
        if self.request.role == Role.PARENT:
            return self.child is not None
        return self.request.role != Role.STUDENT or self.request.unit_id is not None


def matches_of(organization_id: int, requests: Sequence[JoinRequest]) -> list[Match]:
    """Return the match of each of `requests` (with `user` and `unit` loaded); the same queries for one as for fifty."""
    people = Person.objects.filter(organization_id=organization_id, merged_into=None)
    asked = Q(phone__in={request.user.phone for request in requests if request.user.phone}) | _names(requests)
    rows = list(with_roster_columns(people.filter(asked, user=None, roles__until=None).distinct()))
    joined = list(with_roster_columns(people.filter(asked, user__isnull=False)))
    users = {request.user_id for request in requests}
    members = {one.user_id: one for one in with_roster_columns(people.filter(user_id__in=users))}
    pupils = _pupils(requests)
    return [
        _match(
            request,
            members.get(request.user_id),
            [row for row in rows if _may_be_asked(row, request)],
            [one for one in joined if one.user_id != request.user_id],
            pupils.get(request.unit_id or 0, []),
        )
        for request in requests
    ]


def _names(requests: Iterable[JoinRequest]) -> Q:
    names = Q(pk=None)
    for request in requests:
        short = normalise(f"{request.last_name} {request.first_name}")
        names |= Q(search_name__in=[request.search_name, short])
        if not request.patronymic:
            names |= Q(search_name__startswith=f"{short} ")
    return names


def _pupils(requests: Sequence[JoinRequest]) -> dict[int, list[Person]]:
    units = {request.unit_id for request in requests if request.role == Role.PARENT and request.unit_id}
    pupils: dict[int, list[Person]] = {}
    rows = Enrolment.objects.filter(unit_id__in=units, part=Part.STUDENT, until=None).select_related("person")
    for row in rows.order_by("person__search_name", "person_id"):
        pupils.setdefault(row.unit_id, []).append(row.person)
    return pupils


def _may_be_asked(row: Person, request: JoinRequest) -> bool:
    """A student's row often holds a parent's number: adults are not looked for among students, nor students among
    adults."""
    roles = {held.role for held in row.active_roles}  # type: ignore[attr-defined]
    return Role.STUDENT in roles if request.role == Role.STUDENT else bool(roles - {Role.STUDENT})


def _match(
    request: JoinRequest, member: Person | None, rows: list[Person], joined: list[Person], pupils: list[Person]
) -> Match:
    candidates = tuple(one for one in (_candidate(request, row) for row in rows) if one is not None)
    children = tuple(child for child in pupils if _is_child(child, request)) if request.child_name else ()
    duplicates = tuple(one for one in joined if _is_like(one, request))
    found = Match(request, member, candidates, children, duplicates)
    return Match(request, member, candidates, children, duplicates, _is_certain(found))


def _is_child(child: Person, request: JoinRequest) -> bool:
    words = set(normalise(request.child_name).split())
    if len(words) < 2 or not words <= set(child.search_name.split()):
        return False
    return not (child.birth_date and request.child_birth_date) or child.birth_date == request.child_birth_date


def _is_like(person: Person, request: JoinRequest) -> bool:
    return person.phone == (request.user.phone or "-") or is_same_human(person, _as_person(request))


def _as_person(request: JoinRequest) -> Person:
    return Person(last_name=request.last_name, first_name=request.first_name, patronymic=request.patronymic)


def _candidate(request: JoinRequest, row: Person) -> Candidate | None:
    by_phone = row.phone == (request.user.phone or "-")
    by_name = is_same_human(row, _as_person(request))
    if not by_phone and not by_name:
        return None
    return Candidate(row, by_phone, by_name, tuple(_differences(request, row, by_phone=by_phone)))


def _differences(request: JoinRequest, row: Person, *, by_phone: bool) -> Iterable[str]:
    if normalise(request.full_name) != row.search_name:
        yield _("the name on the roster is %(name)s") % {"name": row.full_name}
    if not by_phone:
        yield _("the roster has another phone") if row.phone else _("the roster has no phone")
    if request.role not in _roles(row):
        yield _("the roster has another role")
    if request.role == Role.STUDENT and request.unit is not None and request.unit_id not in _units(row):
        yield _("the roster has another place of learning")


def _roles(person: Person) -> set[str]:
    return {held.role for held in person.active_roles}  # type: ignore[attr-defined]


def _units(person: Person) -> set[int]:
    return {held.unit_id for held in person.active_enrolments}  # type: ignore[attr-defined]


def _is_certain(found: Match) -> bool:
    """Whether the request may be accepted among many at once: one row of the roster, and nothing against it.

    The name of a teacher stands on the school's site, so staff and parents are certain by phone as well as by name.
    The phone of a student is often the parents': there the name and the place of learning decide.
    """
    request = found.request
    if found.member is not None or found.duplicates or len(found.candidates) != 1:
        return False
    candidate = found.candidates[0]
    if not candidate.by_name or request.role not in _roles(candidate.person):
        return False
    if request.role == Role.STUDENT:
        return request.unit_id in _units(candidate.person)
    if not candidate.by_phone:
        return False
    return request.role != Role.PARENT or _is_known_child(found, candidate.person)


def _is_known_child(found: Match, parent: Person) -> bool:
    ties = {tie.child_id for tie in parent.active_children}  # type: ignore[attr-defined]
    return found.child is not None and found.child.pk in ties


def roster_without_account(organization_id: int, role: str) -> QuerySet[Person]:
    """Return the people of the roster whom an applicant for `role` may turn out to be, by name."""
    people = Person.objects.filter(organization_id=organization_id, merged_into=None, user=None)
    today = RoleAssignment.objects.filter(person_id=OuterRef("pk"), until=None)
    is_student = Exists(today.filter(role=Role.STUDENT))
    fitting = people.filter(is_student if role == Role.STUDENT else Exists(today) & ~is_student)
    return fitting.order_by("search_name", "id")


def find_on_roster(organization_id: int, role: str, text: str) -> list[Person]:
    """Return up to ten of them whose names hold every word of `text`, with the columns of a list."""
    people = roster_without_account(organization_id, role)
    for word in normalise(text).split():
        people = people.filter(search_name__contains=word)
    return list(with_roster_columns(people)[:10])


def applicant_names(user: User, known: Person | None) -> dict[str, str]:
    """Return how to fill the form in: the name known here or elsewhere, else that of the account."""
    if known is not None:
        return {"last_name": known.last_name, "first_name": known.first_name, "patronymic": known.patronymic}
    words = user.display_name.split()
    if not 2 <= len(words) <= 3:
        return {}
    return dict(zip(("last_name", "first_name", "patronymic"), words, strict=False))
