"""What many people do at the same moment, in real threads on PostgreSQL (INV-3)."""

from functools import partial

import pytest
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from invitations.models import Invitation, InvitationUse
from invitations.selectors import Presented, present
from invitations.services import JoinAnswers, Joined, create_links, ensure_codes, redeem, remind_before_expiry, revoke
from invitations.services.lifecycle import record_expired
from invitations.services.terms import LinkTerms
from invitations.tokens import make_token
from orgs.models import AuditEvent, Person, Role
from tests.threads import at_once
from tests.world import School, build_school, make_user

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("race", 5)


def link_into(school: School, uses: int, role: str = Role.STUDENT, unit: str = "5Б") -> Invitation:
    terms = LinkTerms(days=14, max_uses=uses)
    return create_links(actor=school.actor("administrator"), units=[school.units[unit]], role=role, terms=terms)[0]


def join(user: User, token: str, name: str = "Новичков") -> Joined:
    found: Presented = present(token)
    assert found.invitation is not None
    return redeem(
        user=user,
        invitation=found.invitation,
        generation=found.invitation.generation,
        answers=JoinAnswers(name, f"Имён{user.pk}"),
    )


def codes_of(outcomes: list[Joined | Exception]) -> list[str]:
    assert all(isinstance(one, Joined | DomainError) for one in outcomes), outcomes
    return sorted(one.code if isinstance(one, DomainError) else "joined" for one in outcomes)


@pytest.mark.req("INV-3", "INV-11")
def test_a_link_of_ten_lets_in_exactly_ten_of_thirty_two(school: School) -> None:
    link = link_into(school, uses=10)
    token = make_token(link.pk, 1)
    users = [make_user(f"+791600000{number:02}") for number in range(32)]
    outcomes = at_once([partial(join, user, token) for user in users])
    assert codes_of(outcomes) == ["joined"] * 10 + ["link_used_up"] * 22
    link.refresh_from_db()
    assert link.uses == 10
    assert InvitationUse.objects.filter(invitation=link).count() == 10
    assert Person.objects.filter(search_name__startswith="новичков").count() == 10


@pytest.mark.req("INV-3")
def test_a_double_click_is_one_person_and_one_use(school: School) -> None:
    link = link_into(school, uses=10)
    user = make_user("+79160000000")
    outcomes = at_once([partial(join, user, make_token(link.pk, 1))] * 8)
    assert codes_of(outcomes) == ["joined"] * 8
    assert sorted(one.already for one in outcomes if isinstance(one, Joined)) == [False] + [True] * 7
    link.refresh_from_db()
    assert link.uses == 1
    assert Person.objects.filter(user=user).count() == 1


@pytest.mark.req("INV-3", "ORG-4")
def test_two_links_of_one_school_at_once_make_one_person(school: School) -> None:
    tokens = [make_token(link_into(school, uses=5, unit=unit).pk, 1) for unit in ("5А", "5Б") * 4]
    user = make_user("+79160000000")
    outcomes = at_once([partial(join, user, token) for token in tokens])
    assert codes_of(outcomes) == ["joined"] * 8
    person = Person.objects.get(user=user)
    assert person.enrolments.filter(until=None).count() == 2
    assert person.roles.filter(until=None).count() == 1


@pytest.mark.req("INV-5", "INV-11")
def test_one_code_of_one_person_is_claimed_by_one(school: School) -> None:
    codes = ensure_codes(actor=school.actor("leader"), unit=school.units["5А"], role=Role.STUDENT)
    token = make_token(codes[0].pk, 1)
    users = [make_user(f"+7916000000{number}") for number in range(2)]
    outcomes = at_once([partial(join, user, token) for user in users])
    assert codes_of(outcomes) == ["joined", "link_used_up"]
    assert Person.objects.get(pk=school.people["classmate"].pk).user in users


@pytest.mark.req("INV-3", "INV-4")
def test_annulling_while_people_join_leaves_no_half_joined(school: School) -> None:
    link = link_into(school, uses=40)
    token = make_token(link.pk, 1)
    users = [make_user(f"+791600000{number:02}") for number in range(15)]
    deeds = [partial(join, user, token) for user in users]
    outcomes = at_once([*deeds, partial(revoke, actor=None, invitation=link)])
    joined = [one for one in outcomes if isinstance(one, Joined)]
    assert {one.code for one in outcomes if isinstance(one, DomainError)} <= {"link_revoked"}
    link.refresh_from_db()
    assert link.uses == len(joined) == InvitationUse.objects.filter(invitation=link).count()
    assert link.revoked_at is not None


@pytest.mark.req("INV-4")
def test_two_workers_record_and_remind_once(school: School) -> None:
    links = [link_into(school, uses=1) for _each in range(20)]
    past = timezone.now().replace(year=2021)
    Invitation.objects.update(created_at=past.replace(year=2020), expires_at=past)
    counts = at_once(
        [partial(record_expired, timezone.now())] * 4 + [partial(remind_before_expiry, timezone.now())] * 2
    )
    assert sum(count for count in counts[:4] if isinstance(count, int)) == len(links)
    events = AuditEvent.objects.filter(organization_id=school.organization.pk, action="invitation.expired")
    assert events.count() == len(links)
