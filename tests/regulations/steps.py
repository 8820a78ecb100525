"""The administrator's duties, each done by the pages as a person does it; the five walks put them in a row.

Every step is named in `docs/regulations.md` beside the sentence of the document that it fulfils.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from orgs.models import Enrolment, Part, Person, Role
from outbox.models import Message
from tests.regulations.places import Human
from tests.regulations.scene import Scene, join_address, path_of
from tests.regulations.steps_channels import (
    act_is_published,
    broadcast_is_run,
    order_is_acknowledged,
    proposed_text_is_published,
    system_channels_are_run,
)
from tests.regulations.steps_chats import (
    chat_of_the_administration_is_opened,
    chat_with_the_staff_is_opened,
    free_chat_is_opened,
    general_chat_is_created,
    materials_are_shared,
    parent_writes_to_the_teacher,
    unit_chats_exist,
)
from tests.regulations.steps_stats import (
    curator_sees_the_sums,
    frequency_of_use_is_watched,
    statistics_are_brought_to_the_head,
)
from tests.regulations.steps_support import (
    instructions_are_at_hand,
    participants_are_helped,
    support_is_asked,
)
from tests.regulations.steps_year import (
    application_is_sent,
    movement_is_reported,
    organization_is_registered,
    pupil_joins_by_a_parents_email,
    requests_are_accepted,
    status_is_confirmed,
)
from tests.regulations.walker import Page, Walker

__all__ = [
    "act_is_published",
    "application_is_sent",
    "broadcast_is_run",
    "chat_of_the_administration_is_opened",
    "chat_with_the_staff_is_opened",
    "curator_sees_the_sums",
    "free_chat_is_opened",
    "frequency_of_use_is_watched",
    "general_chat_is_created",
    "instructions_are_at_hand",
    "materials_are_shared",
    "movement_is_reported",
    "order_is_acknowledged",
    "organization_is_registered",
    "parent_writes_to_the_teacher",
    "participants_are_helped",
    "proposed_text_is_published",
    "pupil_joins_by_a_parents_email",
    "requests_are_accepted",
    "statistics_are_brought_to_the_head",
    "status_is_confirmed",
    "support_is_asked",
    "system_channels_are_run",
    "unit_chats_exist",
]


# --- The organization comes to the platform ------------------------------------------------------------------------
def administrator_signs_in(scene: Scene) -> None:
    """The administrator signs in with the very phone of the application and has the rights at once (REG-4)."""
    page = scene.admin.sign_in(scene.administrator.phone)
    assert page.says(scene.place.short_name)
    assert scene.visit("orgs:settings").status == 200
    stranger = scene.place.human(99, "Чужой", "Чингис", "")
    Walker().visit("account_login").submit({"phone": stranger.phone})
    assert not Message.objects.filter(recipient=stranger.phone).exists(), "an unknown number gets no code"


def space_is_closed(scene: Scene) -> None:
    """Before anybody is let in there is nothing to see from outside, as if it did not exist (REG-3, ACC-4)."""
    outside = Walker("10.4.0.1")
    assert outside.look(f"/o/{scene.slug}/").text == outside.look("/o/no-such-place/").text
    elsewhere = User.objects.create_user(
        "+79739990002", phone_verified_at=timezone.now(), rules_version=settings.RULES_VERSION
    )
    outside.sign_in(str(elsewhere.phone))
    assert outside.look(f"/o/{scene.slug}/").status == 404
    assert outside.look(f"/o/{scene.slug}/people/").status == 404


def information_is_filled_in(scene: Scene) -> None:
    """Details are entered, changed and deleted (REG-5)."""
    details = {
        "region": scene.place.region,
        "address": scene.place.address,
        "phone": "8 (800) 000-00-00",
        "email": "office@example.org",
        "site": "https://place.example.org/",
        "diary_url": "https://diary.example.org/",
    }
    scene.visit("orgs:settings").submit(details)
    shown = scene.visit("orgs:settings").form(*details)
    assert {name: shown.fields[name].values[0] for name in details} == details
    scene.visit("orgs:settings").submit({"site": "", "phone": "8 (800) 000-00-01"})
    scene.organization.refresh_from_db()
    assert (scene.organization.site, scene.organization.phone) == ("", "8 (800) 000-00-01")


def own_words_are_set(scene: Scene) -> None:
    """The document's own words stand in place of the kind's (REG-7)."""
    scene.visit("orgs:labels").submit(scene.place.own_words)
    if scene.place.renames_staff_unit:
        scene.visit("orgs:unit_edit", scene.staff_unit.pk).submit({"name": scene.place.staff_unit})
    page = scene.visit("invitations:new")
    assert page.says(scene.place.own_words["teachers"])


def staff_unit_stands_ready(scene: Scene) -> None:
    """The system unit is there from the start, under the document's name, and holds the administrator (ORG-2)."""
    page = scene.visit("orgs:units")
    assert page.says(scene.place.staff_unit)
    page = scene.visit("orgs:unit", scene.staff_unit.pk)
    assert page.says(scene.place.staff_unit, scene.administrator.last)
    refused = scene.admin.force(f"/o/{scene.slug}/units/{scene.staff_unit.pk}/archive/")
    assert refused.status == 403
    assert scene.staff_unit.archived_at is None


# --- Structure -----------------------------------------------------------------------------------------------------
def structure_is_built(scene: Scene) -> None:
    """Groups or circles of the nomenclature are created, one is renamed, one put into the archive (ORG-1)."""
    more = "direction" if scene.place.unit_kind == "circle" else "age_group"
    page = scene.visit("orgs:unit_new", kind=scene.place.unit_kind)
    values = {}
    for row, (name, detail) in enumerate([*scene.place.units.items(), ("Лишняя", "")]):
        values |= {f"unit-{row}-name": name, f"unit-{row}-{more}": detail}
    page = page.submit(values)
    assert page.says(*scene.place.units)
    first = scene.first_unit
    scene.visit("orgs:unit_edit", first.pk).submit({"name": f"{first.name}-1"})
    assert scene.visit("orgs:units").says(f"{first.name}-1")
    scene.visit("orgs:unit_edit", first.pk).submit({"name": first.name})
    page = scene.visit("orgs:unit_edit", scene.unit("Лишняя").pk)
    page.send(page.form(action="/archive/"))
    assert scene.unit("Лишняя").archived_at is not None
    titles = [words for words, _href in scene.visit("orgs:units").links]
    assert not any("Лишняя" in words for words in titles)


# --- Links ---------------------------------------------------------------------------------------------------------
def links_for_staff_are_made(scene: Scene) -> None:
    """A link into the staff unit in the staff's role (INV-1, INV-3)."""
    scene.links["staff"] = _new_link(scene.visit("invitations:new"), scene.staff_unit.name, _words(scene, "teachers"))


def links_for_parents_are_made(scene: Scene) -> None:
    """A link for parents into a group or circle (INV-1)."""
    scene.links["parents"] = _new_link(scene.visit("invitations:new"), scene.first_unit.name, gettext("parents"))


def links_for_students_are_made(scene: Scene) -> None:
    """A link for students into a group or circle, where the document wants them (INV-1)."""
    scene.links["students"] = _new_link(
        scene.visit("invitations:new"), scene.first_unit.name, _words(scene, "students")
    )


def _words(scene: Scene, key: str) -> str:
    from orgs.vocabulary import vocabulary_of

    scene.organization.refresh_from_db()
    return str(vocabulary_of(scene.organization)[key])


def _new_link(page: Page, unit_name: str, role_words: str) -> str:
    form = page.form("role", "units", "days", "max_uses")
    role, unit = form.value_of("role", role_words), form.value_of("units", unit_name)
    made = page.send(form, {"role": role, "units": [unit], "days": "14", "max_uses": "30"})
    assert made.says(unit_name), made.text[:400]
    return join_address(made)


def links_are_passed_on(scene: Scene, purpose: str = "staff") -> None:
    """The link goes to many by e-mail and SMS, and its page shows where each message stands (INV-2, INV-5)."""
    number = _number_of(scene, purpose)
    page = scene.visit("invitations:detail", number)
    page = page.submit({"recipients": "first@example.org\n8 973 990-12-34"}, action="/send/")
    sent = Message.objects.filter(template="invitation", organization_id=scene.organization.pk)
    assert sorted(sent.filter(reference=f"invitation:{number}").values_list("channel", flat=True)) == ["email", "sms"]
    assert page.says("first@example.org")
    sheet = scene.admin.client.get(f"/o/{scene.slug}/invitations/sheet.pdf", {"link": number})
    assert sheet.content.startswith(b"%PDF")


def _number_of(scene: Scene, purpose: str) -> int:
    from invitations.selectors import present

    invitation = present(path_of(scene.links[purpose]).strip("/").rsplit("/", 1)[-1]).invitation
    assert invitation is not None
    return invitation.pk


def unclaimed_links_are_annulled(scene: Scene) -> None:
    """After registration every link that could still let somebody in is annulled in one step (INV-4, INV-11)."""
    page = scene.visit("invitations:revoke_all")
    page = page.send(page.main_form)
    assert page.status == 200
    for address in scene.links.values():
        answer = Walker("10.3.0.1").look(path_of(address))
        assert answer.status == 410
        assert answer.says(gettext("This link was annulled"))


# --- Staff ---------------------------------------------------------------------------------------------------------
def staff_join(scene: Scene) -> None:
    """Staff join by the link in the role it promises and enter the staff unit (INV-1, ORG-2)."""
    scene.humans |= {
        "head": scene.place.human(2, "Королёва", "Людмила", "Петровна"),
        "teacher": scene.place.human(3, "Семёнова", "Анна", "Сергеевна"),
        "second": scene.place.human(4, "Громова", "Ирина", ""),
    }
    for human in list(scene.humans.values()):
        page = scene.join("staff", human)
        assert page.says(scene.place.short_name)


def roles_are_distributed(scene: Scene) -> None:
    """A role is changed in place: the head gets the administration's role, nobody is invited anew (ORG-4)."""
    head = scene.humans["head"]
    page = scene.visit("orgs:person_roles", scene.person(head).pk)
    page = page.submit({"roles": [Role.TEACHER.value, Role.HEAD.value]})
    assert scene.roles_of(head) == {Role.TEACHER, Role.HEAD}
    assert page.says(head.last)
    assert scene.walkers[head.phone].visit("orgs:journal", scene.slug).status == 200


def leaders_are_attached(scene: Scene) -> None:
    """Leaders and teachers are attached to units by the head's distribution (ORG-3)."""
    leader, teacher = scene.humans["teacher"], scene.humans["second"]
    _enrol(scene, leader, Part.LEADER)
    _enrol(scene, teacher, Part.TEACHER)
    page = scene.visit("orgs:unit", scene.first_unit.pk)
    assert page.says(leader.last, teacher.last, scene.place.leader)
    home = scene.walkers[leader.phone].visit("orgs:home", scene.slug)
    assert home.says(scene.first_unit.name)


def _enrol(scene: Scene, human: Human, part: Part, **movement: str) -> None:
    page = scene.visit("orgs:unit_enrol", scene.first_unit.pk, q=human.last, part=part.value)
    page = page.submit({"ids": [str(scene.person(human).pk)], **movement})
    assert page.says(human.last), page.text[:400]


def additional_administrator_is_appointed(scene: Scene) -> None:
    """Additional administrators come from staff who have joined; the last one cannot be removed (REG-6)."""
    page = scene.visit("orgs:administrators")
    form = page.form("person")
    offered = " ".join(form.fields["person"].choices)
    waiting = scene.place.human(5, "Непришедшая", "Нина", "Павловна")
    scene.visit("orgs:unit_enrol", scene.staff_unit.pk).submit({"names": waiting.full_name})
    assert waiting.last not in " ".join(scene.visit("orgs:administrators").form("person").fields["person"].choices)
    second = scene.humans["second"]
    assert second.last in offered
    page = page.send(form, {"person": form.value_of("person", second.last)})
    assert page.says(second.last)
    assert scene.roles_of(second) == {Role.TEACHER, Role.ADMINISTRATOR}
    assert scene.walkers[second.phone].visit("orgs:settings", scene.slug).status == 200


# --- People --------------------------------------------------------------------------------------------------------
def children_are_enrolled(scene: Scene) -> None:
    """Children come onto the roster of a unit by an order, without accounts (ORG-5)."""
    scene.humans |= {
        "child": scene.place.human(6, "Фёдорова", "Алёна", "Антоновна"),
        "other child": scene.place.human(7, "Цыренов", "Баир", ""),
        "leaving child": scene.place.human(8, "Отбывающий", "Пётр", "Ильич"),
    }
    names = [scene.humans[key].full_name for key in ("child", "other child", "leaving child")]
    page = scene.visit("orgs:unit_enrol", scene.first_unit.pk, part=Part.STUDENT.value)
    page = page.submit({"names": "\n".join(names), "order_number": "12-д", "order_date": "2026-09-01"})
    assert page.says(*names)
    rows = Enrolment.objects.filter(unit=scene.first_unit, part=Part.STUDENT, until=None, order_number="12-д")
    assert rows.count() == 3


def movement_is_recorded(scene: Scene) -> None:
    """Somebody leaves by an order and stays visible among those who were here (ORG-5)."""
    leaving = scene.humans["leaving child"]
    row = Enrolment.objects.get(person=scene.person(leaving), unit=scene.first_unit, until=None)
    page = scene.visit("orgs:enrolment_end", row.pk)
    page = page.submit({"order_number": "15-д", "order_date": "2026-10-01"})
    row.refresh_from_db()
    assert row.until is not None
    unit_page = scene.visit("orgs:unit", scene.first_unit.pk)
    assert unit_page.says("Были в", leaving.last)
    assert scene.visit("orgs:journal").says(leaving.last, "15-д")


def movement_of_staff_is_recorded(scene: Scene) -> None:
    """A teacher leaves a unit and then the organization; the part and the role end, the past stays (ORG-5)."""
    gone = scene.place.human(9, "Уволенная", "Ольга", "Юрьевна")
    scene.visit("orgs:unit_enrol", scene.staff_unit.pk).submit({"names": gone.full_name})
    _enrol(scene, gone, Part.TEACHER, order_number="3-к")
    page = scene.visit("orgs:person_roles", scene.person(gone).pk).submit({"roles": []})
    page.send(page.main_form)
    assert scene.roles_of(gone) == set()
    past = scene.visit("orgs:person", scene.person(gone).pk)
    assert past.says(scene.first_unit.name, scene.staff_unit.name)
    assert not Enrolment.objects.filter(person=scene.person(gone), until=None).exists()


def data_are_checked_and_corrected(scene: Scene) -> None:
    """People are found by any part of the name, whatever the case and ё, and corrected; the journal tells (ORG-7)."""
    child = scene.humans["child"]
    page = scene.visit("orgs:people", q="ФЕДОР")
    assert page.says(child.last)
    page = scene.visit("orgs:person_edit", scene.person(child).pk).submit({"birth_date": "2022-05-17"})
    assert page.says(child.last)
    assert Person.objects.get(pk=scene.person(child).pk).birth_date is not None
    assert scene.visit("orgs:journal").says("дата рождения")
    assert scene.visit("orgs:people", joined="no").says(child.last)


# --- Families ------------------------------------------------------------------------------------------------------
def leader_invites_parents(scene: Scene) -> None:
    """The leader invites parents into the own unit and into no other (INV-2); a parent joins and names the child."""
    leader = scene.walkers[scene.humans["teacher"].phone]
    page = leader.visit("invitations:new", scene.slug)
    offered = " ".join(page.form("units").fields["units"].choices)
    assert scene.first_unit.name in offered
    assert scene.second_unit.name not in offered
    assert scene.staff_unit.name not in offered
    scene.links["leader's"] = _new_link(page, scene.first_unit.name, gettext("parents"))
    _parent_joins(scene, "leader's", "mother", scene.place.human(10, "Фёдорова", "Мария", "Игоревна"))


def parents_join(scene: Scene) -> None:
    """A parent joins by the administrator's link, names the child and is tied to it (INV-1, ORG-10)."""
    _parent_joins(scene, "parents", "mother", scene.place.human(10, "Фёдорова", "Мария", "Игоревна"))


def _parent_joins(scene: Scene, purpose: str, key: str, human: Human) -> None:
    scene.humans[key] = human
    child = scene.humans["child"]
    page = scene.join(purpose, human, child_name=f"{child.last} {child.first}".upper().replace("Ё", "Е"))
    assert page.says(child.first), page.text[:400]
    assert scene.roles_of(human) == {Role.PARENT}
    assert _parents_of(scene, child) >= {human.full_name}


def _parents_of(scene: Scene, child: Human) -> set[str]:
    links = scene.person(child).parent_links.filter(until=None).select_related("parent")
    return {link.parent.full_name for link in links}


def family_makes_its_own_link(scene: Scene) -> None:
    """Once the child is registered, its family makes a link for the other parent, without anybody's help (INV-8)."""
    child = scene.humans["child"]
    mother = scene.walkers[scene.humans["mother"].phone]
    page = mother.visit("invitations:family", scene.slug, scene.person(child).pk)
    scene.links["family"] = join_address(page.send(page.main_form))
    father = scene.place.human(11, "Фёдоров", "Антон", "Львович")
    page = scene.join("family", father)
    assert page.says(child.first)
    assert _parents_of(scene, child) == {scene.humans["mother"].full_name, father.full_name}
    other = scene.person(scene.humans["other child"])
    assert mother.look(f"/o/{scene.slug}/family/{other.pk}/").status in {403, 404}


def student_joins(scene: Scene) -> None:
    """A child of the roster joins by the link for students and is recognised, not doubled (INV-1)."""
    child = scene.humans["other child"]
    scene.join("students", child)
    assert scene.person(child).has_joined
    assert scene.roles_of(child) == {Role.STUDENT}


def leader_invites_students(scene: Scene) -> None:
    """The leader makes the link by which the own students come in (INV-2)."""
    leader = scene.walkers[scene.humans["teacher"].phone]
    page = leader.visit("invitations:new", scene.slug)
    scene.links["students"] = _new_link(page, scene.first_unit.name, _words(scene, "students"))
    student_joins(scene)


def outsiders_stay_outside(scene: Scene) -> None:
    """A changed token and a guessed code open nothing, and the answer is kind (INV-11)."""
    token = path_of(scene.links["staff"]).strip("/").rsplit("/", 1)[-1]
    other = "a" if token[-1] != "a" else "b"
    outside = Walker("10.4.0.2")
    answer = outside.look(f"/join/{token[:-1]}{other}/")
    assert answer.status == 404
    assert not answer.says(scene.place.short_name), "nobody learns whose link it might have been"
    assert outside.open("/join/").submit({"code": "0002-2222-3333"}).status == 404
