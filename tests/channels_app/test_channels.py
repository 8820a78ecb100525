"""Channels: those that exist from the start, those of units, further ones; who reads and who publishes (CHAN-1)."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from channels_app import permissions
from channels_app.models import Channel, ChannelKind, ChannelUserObjectPermission
from channels_app.selectors.channels import channels_of, find_channel, gives_units_channels, list_of, people_of
from channels_app.selectors.editors import editors_of, held_rights
from channels_app.selectors.posts import find_post
from channels_app.selectors.titles import title_of
from channels_app.services import channels
from channels_app.services.channels import ChannelData
from channels_app.services.system import give_units_channels
from common.errors import DomainError
from orgs.audit import Action
from orgs.models import AuditEvent, Enrolment, Kind, Organization, Part, Role
from orgs.services import people, structure
from orgs.services.organization import OrganizationData, create_organization
from orgs.services.people import PersonData
from orgs.services.structure import class_from_name, create_units
from orgs.vocabulary import vocabulary_of
from tests.channels_app.cast import free, general, of_staff, of_unit, publish, seen, titles_of
from tests.world import CAST, School, World

pytestmark = pytest.mark.req("CHAN-1")


@pytest.fixture
def school(world: World) -> School:
    return world.a


# --- From the start ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", Kind.values)
def test_two_channels_exist_from_the_start_in_the_words_of_the_kind(db: None, kind: str) -> None:
    data = OrganizationData(kind=kind, name="Новая", short_name="Новая", slug="new")
    organization = create_organization(data=data, administrator=PersonData("А", "А", phone="+79005550101"))
    rows = {row.kind: row for row in Channel.objects.filter(organization=organization).select_related("organization")}
    assert set(rows) == {ChannelKind.ORGANIZATION, ChannelKind.STAFF}
    names = {
        Kind.SCHOOL: "Channel of the school",
        Kind.KINDERGARTEN: "Channel of the kindergarten",
        Kind.COLLEGE: "Channel of the college",
        Kind.SUPPLEMENTARY: "Channel of the centre",
    }
    with translation.override("en"):
        words = vocabulary_of(organization)
        assert title_of(rows[ChannelKind.ORGANIZATION], words) == names[Kind(kind)]
        assert title_of(rows[ChannelKind.STAFF], words) == "Staff"
    with translation.override("ru"):
        assert title_of(rows[ChannelKind.STAFF], vocabulary_of(organization)) == "Сотрудники"
    if kind == Kind.SCHOOL:
        with translation.override("ru"):
            assert title_of(rows[ChannelKind.ORGANIZATION], vocabulary_of(organization)) == "Общешкольный канал"


def test_everybody_reads_the_organizations_channel_and_staff_their_own(school: School) -> None:
    for name in CAST:
        kinds = {row.kind for row in list_of(school.actor(name)) if row.is_reader}  # type: ignore[attr-defined]
        is_staff = name in ("administrator", "head", "leader", "teacher")
        assert kinds == {"organization", "staff"} if is_staff else {"organization"}, name
    assert people_of(general(school)).count() == 10 + 1
    assert set(people_of(of_staff(school)).values_list("last_name", flat=True)) == {
        "Админова",
        "Главный",
        "Ведущая",
        "Учёный",
        "Ждущая",
    }


def test_channels_of_the_start_cannot_go(school: School) -> None:
    for channel in (general(school), of_staff(school)):
        with pytest.raises(DomainError) as refused:
            channels.archive(actor=school.actor("administrator"), channel=channel)
        assert refused.value.code == "channel_system"
        with pytest.raises(IntegrityError), transaction.atomic():
            Channel.objects.filter(pk=channel.pk).update(archived_at=channel.created_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Channel.objects.create(organization=school.organization, kind=ChannelKind.STAFF)


def test_only_administrators_publish_in_them(school: School) -> None:
    for channel in (general(school), of_staff(school)):
        may = {name for name in ("administrator", "head", "leader", "teacher") if may_publish(school, name, channel)}
        assert may == {"administrator"}
    assert not may_publish(school, "student", general(school))


def may_publish(school: School, name: str, channel: Channel) -> bool:
    return permissions.can_publish(school.actor(name), seen(school, name, channel))


def test_the_channel_of_the_staff_is_never_open_to_everybody(school: School) -> None:
    with pytest.raises(DomainError) as refused:
        channels.set_public(actor=school.actor("administrator"), channel=of_staff(school), is_public=True)
    assert refused.value.code == "channel_of_staff"
    opened = channels.set_public(actor=school.actor("administrator"), channel=general(school), is_public=True)
    assert opened.is_public
    channels.set_public(actor=school.actor("administrator"), channel=opened, is_public=True)
    assert AuditEvent.objects.filter(action=Action.CHANNEL_OPENED).count() == 1


def test_a_system_channel_may_be_called_otherwise_and_by_its_own_name_again(school: School) -> None:
    actor = school.actor("administrator")
    changed = channels.change_channel(actor=actor, channel=general(school), changes={"title": "  Новости  школы "})
    assert title_of(changed, actor.words) == "Новости школы"
    changed = channels.change_channel(actor=actor, channel=changed, changes={"title": "\u200b"})
    assert changed.title == ""
    with pytest.raises(DomainError) as refused:
        channels.change_channel(actor=actor, channel=changed, changes={"circles": [("staff", None)]})
    assert refused.value.code == "channel_circles_fixed"


# --- Units ------------------------------------------------------------------------------------------------------------
def test_readers_of_a_unit_channel_follow_its_people(school: School) -> None:
    channel = of_unit(school)
    assert permissions.can_publish(school.actor("leader"), seen(school, "leader", channel))
    for name in ("leader", "student", "parent"):
        assert find_channel(school.actor(name), channel.pk) is not None
    for name in ("teacher", "head", "both"):
        assert find_channel(school.actor(name), channel.pk) is None
    post = publish(school, channel, by="leader")
    student = school.people["student"]
    administrator = school.actor("administrator")
    enrolment = Enrolment.objects.get(person=student, until=None)
    structure.end_enrolment(actor=administrator, enrolment=enrolment)
    structure.enrol(actor=administrator, people=[student], unit=school.units["5Б"], part=Part.STUDENT)
    for name in ("student", "parent"):
        assert find_channel(school.actor(name), channel.pk) is None
        assert find_post(school.actor(name), post.pk) is None
    other = of_unit(school, "5Б")
    assert find_channel(school.actor("student"), other.pk) is not None
    people.end_role(actor=administrator, person=school.people["parent"], role=Role.PARENT)
    assert school.people["parent"] not in people_of(other)


def test_a_parent_reads_beside_the_child_what_is_for_students(school: School) -> None:
    channel = free(school, ("students", "5А"), title="Дежурство")
    found = find_channel(school.actor("parent"), channel.pk)
    assert found is not None
    assert found.is_reader  # type: ignore[attr-defined]
    assert school.people["parent"] not in people_of(channel), "read, but not counted"
    assert find_channel(school.actor("both"), channel.pk) is None


def test_the_archive_of_a_unit_takes_its_channel_along(school: School) -> None:
    channel = of_unit(school)
    post = publish(school, channel, by="leader")
    administrator = school.actor("administrator")
    structure.archive_unit(actor=administrator, unit=school.units["5А"])
    for name in ("leader", "student", "parent"):
        assert find_channel(school.actor(name), channel.pk) is None
        assert find_post(school.actor(name), post.pk) is None
    mine = seen(school, "administrator", channel)
    assert not permissions.can_publish(administrator, mine), "nobody would read it"
    assert channel.pk in {row.pk for row in list_of(administrator, archived=True)}
    assert channel.pk not in {row.pk for row in list_of(administrator)}


def test_each_unit_has_a_channel_where_wanted_also_new_ones(school: School) -> None:
    administrator = school.actor("administrator")
    assert not gives_units_channels(school.organization)
    of_unit(school)
    give_units_channels(actor=administrator, wanted=True)
    give_units_channels(actor=administrator, wanted=True)
    units = Channel.objects.filter(organization=school.organization, kind=ChannelKind.UNIT)
    assert set(units.values_list("unit__name", flat=True)) == {"5А", "5Б"}
    create_units(organization=school.organization, actor=administrator, units=[class_from_name("6В")])
    assert units.count() == 3
    give_units_channels(actor=administrator, wanted=False)
    create_units(organization=school.organization, actor=administrator, units=[class_from_name("6Г")])
    assert units.count() == 3
    assert AuditEvent.objects.filter(action__in=[Action.CHANNELS_OF_UNITS, Action.NO_CHANNELS_OF_UNITS]).count() == 2


def test_opening_the_channel_of_a_unit_twice_is_once_and_brings_it_back(school: School) -> None:
    channel = of_unit(school)
    assert of_unit(school) == channel
    channels.archive(actor=school.actor("administrator"), channel=channel)
    assert find_channel(school.actor("student"), channel.pk) is None
    assert of_unit(school).archived_at is None
    assert find_channel(school.actor("student"), channel.pk) is not None


# --- Further channels -------------------------------------------------------------------------------------------------
def test_a_further_channel_is_for_its_circles(school: School) -> None:
    channel = free(school, ("parents", "5А"), ("leaders", None), title="Родителям 5А")
    for name, reads in {"parent": True, "leader": True, "student": False, "teacher": False, "both": False}.items():
        assert (find_channel(school.actor(name), channel.pk) is not None) is reads, name
    mine = seen(school, "administrator", channel)
    assert not mine.is_reader  # type: ignore[attr-defined]
    changes = {"circles": [("parents", None)], "title": "Всем родителям"}
    channels.change_channel(actor=school.actor("administrator"), channel=channel, changes=changes)
    assert find_channel(school.actor("both"), channel.pk) is not None
    assert find_channel(school.actor("leader"), channel.pk) is None
    assert titles_of(school, "parent")[1:] == ["Всем родителям"]


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        (ChannelData("", circles=[("everyone", None)]), "channel_title_required", "title"),
        (ChannelData("\u200b \x00", circles=[("everyone", None)]), "channel_title_required", "title"),
        (ChannelData("н" * 121, circles=[("everyone", None)]), "channel_title_long", "title"),
        (ChannelData("Н", "о" * 301, circles=[("everyone", None)]), "channel_description_long", "description"),
        (ChannelData("Н"), "channel_circles_required", "circles"),
        (ChannelData("Н", circles=[("nobody", None)]), "circle_unknown", "circles"),
        (ChannelData("Н", circles=[("everyone", 2**62)]), "circle_unknown", "circles"),
    ],
)
def test_a_channel_that_cannot_be_is_refused_in_words(school: School, data: ChannelData, code: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        channels.create_channel(actor=school.actor("administrator"), data=data)
    assert refused.value.code == code
    assert list(refused.value.fields) == [field]


def test_what_is_not_named_stays(school: School) -> None:
    channel = free(school, ("staff", None), description="О кружках")
    actor = school.actor("administrator")
    row = channels.change_channel(actor=actor, channel=channel, changes={"has_comments": True})
    assert (row.title, row.description, row.has_comments) == ("Кружки", "О кружках", True)
    before = AuditEvent.objects.count()
    channels.change_channel(actor=actor, channel=channel, changes={"has_comments": True, "title": "Кружки"})
    assert AuditEvent.objects.count() == before, "nothing changed, nothing to note"


def test_the_archive_keeps_posts_and_gives_them_back(school: School) -> None:
    channel = free(school)
    post = publish(school, channel)
    administrator = school.actor("administrator")
    channels.archive(actor=administrator, channel=channel)
    channels.archive(actor=administrator, channel=channel)
    assert find_post(school.actor("student"), post.pk) is None
    assert not permissions.can_publish(administrator, seen(school, "administrator", channel))
    channels.restore(actor=administrator, channel=channel)
    assert find_post(school.actor("student"), post.pk) is not None


# --- Editors ----------------------------------------------------------------------------------------------------------
def test_the_right_to_publish_is_granted_and_taken_back(school: School) -> None:
    channel, administrator = free(school, ("parents", "5А")), school.actor("administrator")
    teacher = school.people["teacher"]
    assert find_channel(school.actor("teacher"), channel.pk) is None
    for _time in range(2):
        channels.set_editor(actor=administrator, channel=channel, person=teacher)
    assert AuditEvent.objects.filter(action=Action.EDITOR_SET).count() == 1
    assert may_publish(school, "teacher", channel)
    assert not seen(school, "teacher", channel).is_reader  # type: ignore[attr-defined]
    assert not may_publish(school, "teacher", general(school)), "in this channel only"
    assert editors_of(channel) == [teacher]
    [held] = held_rights(school.organization.pk, administrator.words)
    assert (held.person, held.thing) == (teacher, "Кружки")
    post = publish(school, channel, by="teacher")
    for _time in range(2):
        channels.unset_editor(actor=administrator, channel=channel, person=teacher)
    assert AuditEvent.objects.filter(action=Action.EDITOR_UNSET).count() == 1
    assert find_channel(school.actor("teacher"), channel.pk) is None
    assert find_post(school.actor("teacher"), post.pk) is None


def test_who_has_no_account_cannot_publish(school: School) -> None:
    with pytest.raises(DomainError) as refused:
        channels.set_editor(
            actor=school.actor("administrator"), channel=general(school), person=school.people["waiting_teacher"]
        )
    assert refused.value.code == "right_needs_account"


def test_who_leaves_the_organization_publishes_no_more_also_after_coming_back(school: School, world: World) -> None:
    administrator, teacher = school.actor("administrator"), school.people["teacher"]
    channel = general(school)
    channels.set_editor(actor=administrator, channel=channel, person=teacher)
    channels.set_editor(actor=administrator, channel=channel, person=school.people["leader"])
    people.end_role(actor=administrator, person=teacher, role=Role.TEACHER)
    assert editors_of(channel) == [school.people["leader"]]
    people.set_roles(actor=administrator, person=teacher, roles=[Role.PARENT])
    assert not may_publish(school, "teacher", channel)
    assert ChannelUserObjectPermission.objects.count() == 1


def test_a_new_leader_publishes_in_the_unit_and_the_former_does_not(school: School) -> None:
    channel, administrator = of_unit(school), school.actor("administrator")
    led = Enrolment.objects.get(person=school.people["leader"], unit=school.units["5А"], part=Part.LEADER)
    structure.end_enrolment(actor=administrator, enrolment=led)
    structure.enrol(actor=administrator, people=[school.people["teacher"]], unit=school.units["5А"], part=Part.LEADER)
    assert may_publish(school, "teacher", channel)
    assert find_channel(school.actor("leader"), channel.pk) is None


# --- Two schools ------------------------------------------------------------------------------------------------------
def test_nobody_sees_the_channels_of_another_school(world: World) -> None:
    mine = set(channels_of(world.b.actor("administrator")).values_list("organization_id", flat=True))
    assert mine == {world.b.organization.pk}
    assert find_channel(world.b.actor("administrator"), general(world.a).pk) is None
    assert Organization.objects.count() == 2
