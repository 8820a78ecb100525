"""The register of consents: recorded, superseded, who is not reached (ORG-11)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from common.errors import DomainError
from movement.models import Consent, Decision
from movement.selectors.consents import (
    ConsentFilter,
    children_visible_to,
    counts_of,
    families_of,
    filter_children,
    own_children,
)
from movement.services.consents import ConsentData, give_consent, record_consent, record_for_unit, take_back
from orgs.models import AuditEvent, Guardianship
from tests.movement.cast import MovementVisitor, consent_of
from tests.orgs.pages import crowd
from tests.world import School, World

pytestmark = pytest.mark.req("ORG-11")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def states(school: School, by: str = "administrator", **wanted: Any) -> dict[str, tuple[str, bool]]:
    """{last name of the child: (state, whether a message arrives)}."""
    rows = filter_children(children_visible_to(school.actor(by)), ConsentFilter(**wanted))
    return {child.last_name: (child.state, child.is_reached) for child in rows}


def test_without_an_answer_only_the_connected_are_reached(school: School) -> None:
    assert states(school) == {
        "Ёжиков": ("none", True),
        "Зайцева": ("none", False),
        "Белкин": ("none", True),
    }


def test_a_newer_decision_supersedes_and_the_old_one_is_kept(school: School) -> None:
    consent_of(school)
    consent_of(school, decision="other_channel", channel="звонить бабушке")
    assert states(school)["Ёжиков"] == ("other_channel", False)
    assert Consent.objects.count() == 2
    assert Consent.objects.filter(until=None).count() == 1
    assert AuditEvent.objects.filter(action="consent.recorded").count() == 2


def test_a_refusal_of_one_parent_outweighs_the_other(school: School) -> None:
    other = school.people["waiting_parent"]
    Guardianship.objects.create(organization=school.organization, parent=other, child=school.people["student"])
    consent_of(school)
    consent_of(school, parent="waiting_parent", decision="refusal")
    assert states(school)["Ёжиков"] == ("refusal", False)


def test_what_recording_refuses(school: School) -> None:
    ahead = date.today() + timedelta(days=3)
    for more, code in (
        ({"parent": "waiting_parent"}, "wrong_family"),
        ({"decision": "other_channel"}, "channel_required"),
        ({"signed_on": ahead}, "day_ahead"),
        ({"channel": "о" * 201}, "text_too_long"),
    ):
        with pytest.raises(DomainError) as caught:
            consent_of(school, **more)
        assert caught.value.code == code
    assert not Consent.objects.exists()


def test_the_whole_class_at_a_meeting(school: School) -> None:
    consent_of(school, decision="refusal")
    actor, unit = school.actor("leader"), school.units["5А"]
    data = ConsentData(decision="consent", signed_on=date(2026, 9, 12), remark="родительское собрание")
    assert record_for_unit(actor=actor, unit=unit, children=None, data=data) == 1
    assert states(school)["Ёжиков"] == ("refusal", False), "what was decided before stays"
    assert states(school)["Зайцева"] == ("consent", False)
    assert record_for_unit(actor=actor, unit=unit, children=None, data=data) == 0


def test_a_child_without_parents_is_recorded_by_a_paper(school: School) -> None:
    Guardianship.objects.filter(child=school.people["classmate"]).delete()
    data = ConsentData(decision="consent")
    record_for_unit(actor=school.actor("leader"), unit=school.units["5А"], children=None, data=data)
    paper = Consent.objects.get(child=school.people["classmate"])
    assert paper.parent is None


def test_a_mistake_is_taken_back_and_stays_in_the_history(school: School) -> None:
    consent = consent_of(school)
    take_back(actor=school.actor("administrator"), consent=consent)
    take_back(actor=school.actor("administrator"), consent=consent)
    assert states(school)["Ёжиков"][0] == "none"
    assert Consent.objects.count() == 1
    assert AuditEvent.objects.filter(action="consent.withdrawn").count() == 1


def test_a_parent_decides_electronically(school: School) -> None:
    actor = school.actor("parent")
    row = give_consent(actor=actor, child=school.people["student"], data=ConsentData(decision="consent"))
    assert row.is_electronic
    assert own_children(actor)[0].state == "consent"
    with pytest.raises(DomainError) as caught:
        give_consent(actor=actor, child=school.people["classmate"], data=ConsentData(decision="consent"))
    assert caught.value.code == "wrong_family"


def test_who_sees_which_children(world: World) -> None:
    school = world.a
    assert set(states(school, "leader")) == {"Ёжиков", "Зайцева"}
    assert set(states(school, "head")) == {"Ёжиков", "Зайцева", "Белкин"}
    assert states(school, "parent") == states(school, "teacher") == states(school, "student") == {}
    consent_of(school, decision="refusal")
    assert states(world.b)["Ёжиков"][0] == "none"


def test_how_to_reach_those_who_are_not(school: School) -> None:
    consent_of(school, decision="other_channel", channel="звонить бабушке")
    actor = school.actor("administrator")
    rows = filter_children(children_visible_to(actor), ConsentFilter(unreached=True))
    families = {family.child.last_name: family for family in families_of(actor, rows)}
    assert set(families) == {"Ёжиков", "Зайцева"}
    assert families["Ёжиков"].channels == ["звонить бабушке"]
    assert families["Зайцева"].phones[0].phone == school.people["waiting_parent"].phone
    assert families["Зайцева"].leaders == [school.people["leader"].full_name]


def test_counts_and_filters(school: School) -> None:
    consent_of(school)
    children = children_visible_to(school.actor("head"))
    assert counts_of(children) == {
        "consent": 1,
        "refusal": 0,
        "other_channel": 0,
        "none": 2,
        "unreached": 1,
        "all": 3,
    }
    assert set(states(school, state="consent")) == {"Ёжиков"}
    assert set(states(school, text="роза")) == {"Ёжиков"}
    assert set(states(school, unit_id=school.units["5Б"].pk)) == {"Белкин"}


@pytest.mark.parametrize("count", [3, 300])
def test_a_page_takes_four_queries_whatever_the_rows(
    school: School, count: int, django_assert_max_num_queries: Any
) -> None:
    crowd(school, count)
    actor = school.actor("administrator")
    with django_assert_max_num_queries(5):
        families = families_of(actor, children_visible_to(actor)[:50])
    assert len(families) == min(50, count + 3)


def test_the_database_keeps_one_decision_and_a_named_channel(school: School) -> None:
    known = {
        "organization": school.organization,
        "child": school.people["student"],
        "signed_on": date(2026, 9, 1),
    }
    for rows in (
        [{"parent": school.people["parent"], "decision": Decision.CONSENT}] * 2,
        [{"parent": None, "decision": Decision.CONSENT}] * 2,
        [{"parent": None, "decision": Decision.OTHER_CHANNEL}],
        [{"parent": None, "decision": Decision.CONSENT, "is_electronic": True}],
        [{"parent": None, "decision": "perhaps"}],
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.bulk_create(Consent(**known, **row) for row in rows)


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_the_leader_records_a_class_and_sees_the_share(school: School) -> None:
    leader = MovementVisitor(school, "leader")
    assert "нет ответа" in leader.see("consents")
    unit = school.units["5А"].pk
    page = leader.see("consents_of_unit", unit_id=unit)
    assert "Ёжиков Пётр Ильич" in page
    assert "Белкин" not in page
    ids = [school.people[name].pk for name in ("student", "classmate")]
    told = leader.post_then_look(
        "consents_of_unit", {"decision": "consent", "signed_on": "12.09.2026", "ids": ids}, unit_id=unit
    )
    assert "Согласны: 2 из 2 (100 %)" in told
    assert "Зайцева" in leader.see("consents", {"show": "unreached"})


def test_the_head_reads_and_records_nothing(school: School) -> None:
    head = MovementVisitor(school, "head")
    page = head.see("consent", child_id=school.people["student"].pk)
    assert "Записать решение" not in page
    assert head.get("consents_of_unit", unit_id=school.units["5А"].pk).status_code == 403


def test_the_parent_decides_on_the_own_page(school: School) -> None:
    parent = MovementVisitor(school, "parent")
    assert "Вы ещё не приняли решение" in parent.see("my_consents")
    child = school.people["student"].pk
    refused = parent.post("my_consents", {"child": child, "decision": "other_channel"})
    assert refused.status_code == 422
    assert "Напишите, как связаться" in refused.content.decode()
    told = parent.post_then_look("my_consents", {"child": child, "decision": "other_channel", "channel": "по телефону"})
    assert "по телефону" in told
    other = school.people["classmate"].pk
    assert parent.post("my_consents", {"child": other, "decision": "consent"}).status_code == 403
    told = MovementVisitor(school, "leader").see("consent", child_id=child)
    assert "электронно" in told


def test_the_file_and_the_forms(school: School) -> None:
    consent_of(school, document_number="17")
    leader = MovementVisitor(school, "leader")
    text = leader.get("consents_export", ending="csv").content.decode("utf-8-sig")
    assert "Ёжиков Пётр Ильич;5А;Ёжикова Роза Павловна;согласие" in text
    assert "Белкин" not in text
    with override_settings(LANGUAGE_CODE="ru"):
        answer = leader.get("consents_paper", unit_id=school.units["5А"].pk)
    assert answer.content[:5] == b"%PDF-"
    assert leader.get("consents_paper", unit_id=school.units["5Б"].pk).status_code == 404


def test_nobody_records_for_a_child_of_another_school(world: World) -> None:
    with pytest.raises(DomainError):
        record_consent(
            actor=world.a.actor("administrator"),
            child=world.b.people["student"],
            parent=world.a.people["parent"],
            data=ConsentData(decision="consent"),
        )
