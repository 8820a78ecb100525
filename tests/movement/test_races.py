"""Two administrators at once, in real threads on PostgreSQL (ORG-5, ORG-6, ORG-11)."""

from functools import partial

import pytest

from common.errors import DomainError
from movement.models import Consent, Notice, NoticeState
from movement.services import notices
from movement.services.consents import ConsentData, record_consent
from movement.services.moving import move
from movement.services.plan import Plan, What
from orgs.models import Enrolment, Part
from tests.movement.cast import notice_of
from tests.threads import at_once
from tests.world import School, build_school
from works.models import Work

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.req("ORG-5", "ORG-6", "ORG-11"),
]


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("race", 5)


def codes_of(outcomes: list[object]) -> list[str]:
    assert all(isinstance(one, DomainError) or not isinstance(one, Exception) for one in outcomes), outcomes
    return sorted(one.code if isinstance(one, DomainError) else "done" for one in outcomes)


def test_a_notice_is_carried_out_once(school: School) -> None:
    notice, actor = notice_of(school), school.actor("administrator")
    deeds = [partial(notices.carry_out, actor=actor, notice=Notice.objects.get(pk=notice.pk)) for _ in range(6)]
    assert codes_of(at_once(deeds)) == ["done", *["notice_decided"] * 5]
    assert Work.objects.count() == 1
    assert Enrolment.objects.filter(person=school.people["student"], part=Part.STUDENT, until=None).count() == 1


def test_a_notice_is_either_done_or_withdrawn(school: School) -> None:
    notice = notice_of(school)
    deeds = [
        partial(notices.carry_out, actor=school.actor("administrator"), notice=Notice.objects.get(pk=notice.pk)),
        partial(notices.withdraw, actor=school.actor("head"), notice=Notice.objects.get(pk=notice.pk)),
    ]
    assert codes_of(at_once(deeds)) == ["done", "notice_decided"]
    notice.refresh_from_db()
    assert (notice.state == NoticeState.DONE) is Work.objects.exists()


def test_a_child_goes_to_one_class_only(school: School) -> None:
    actor, child = school.actor("administrator"), school.people["student"].pk
    plan = Plan(str(What.TRANSFER), (child,), unit_id=school.units["5Б"].pk)
    codes = codes_of(at_once([partial(move, actor=actor, plan=plan)] * 6))
    assert codes.count("done") == 1
    assert set(codes) <= {"done", "already_there", "work_under_way", "moved_meanwhile"}
    assert Enrolment.objects.filter(person=child, part=Part.STUDENT, until=None).count() == 1


def test_a_family_has_one_decision(school: School) -> None:
    actor = school.actor("administrator")
    child, parent = school.people["student"], school.people["parent"]
    deeds = [
        partial(record_consent, actor=actor, child=child, parent=parent, data=ConsentData(decision))
        for decision in ("consent", "refusal") * 3
    ]
    codes = codes_of(at_once(deeds))
    assert set(codes) <= {"done", "recorded_meanwhile"}
    assert Consent.objects.filter(until=None).count() == 1
