"""The administrator's pages: the register, new and changed channels, editors, units, openness."""

from typing import Any

import pytest

from channels_app.models import Channel, ChannelKind
from channels_app.selectors.editors import editors_of
from channels_app.services import channels
from tests.channels_app.cast import free, general, of_staff, of_unit, publish
from tests.channels_app.pages import ChannelVisitor, queries_of, undo_address
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-1")


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def admin(school: School) -> ChannelVisitor:
    return ChannelVisitor(school, "administrator")


def form(audience: str = "everyone", unit: str = "all", **values: Any) -> dict[str, Any]:
    rows = {"circle-TOTAL_FORMS": "1", "circle-INITIAL_FORMS": "0"}
    return {**rows, "circle-0-audience": audience, "circle-0-unit": unit, "title": "Питание", **values}


def test_only_the_administrator_runs_channels(school: School) -> None:
    pages: dict[str, dict[str, Any]] = {
        "manage": {},
        "new_channel": {},
        "change": {"channel_id": general(school).pk},
        "public": {"channel_id": general(school).pk},
        "editors": {"channel_id": general(school).pk},
    }
    for name in ("head", "leader", "teacher", "student", "parent"):
        visitor = ChannelVisitor(school, name)
        assert {page: visitor.get(page, **values).status_code for page, values in pages.items()} == dict.fromkeys(
            pages, 403
        ), name


def test_a_channel_is_opened_and_changed(school: School, admin: ChannelVisitor) -> None:
    wrong = admin.post("new_channel", form(audience="", unit="", description="Меню и очереди"))
    assert wrong.status_code == 422
    assert "Меню и очереди" in wrong.content.decode()
    more = admin.post("new_channel", form(do="more", title="Спорт"))
    assert more.content.decode().count("-audience") > 6
    assert 'value="Спорт"' in more.content.decode()
    page = admin.post_then_look("new_channel", form("parents", str(school.units["5А"].pk), has_comments="on"))
    assert "Канал «Питание» создан" in page
    made = Channel.objects.get(kind=ChannelKind.FREE)
    assert made.has_comments
    assert "Питание" in ChannelVisitor(school, "parent").see("feed")
    assert "Сохранено" in admin.post_then_look("change", form(title="Столовая"), channel_id=made.pk)
    assert "Столовая" in ChannelVisitor(school, "teacher").see("feed")
    assert admin.post("change", form(title=""), channel_id=made.pk).status_code == 422
    assert "Сохранено" in admin.post_then_look("change", {"title": ""}, channel_id=general(school).pk)


def test_archived_and_brought_back(school: School, admin: ChannelVisitor) -> None:
    made = free(school, title="Лагерь")
    page = admin.client.post(admin.url("archive", channel_id=made.pk), follow=True).content.decode()
    assert "Канал «Лагерь» в архиве" in page
    assert ChannelVisitor(school, "parent").get("channel", channel_id=made.pk).status_code == 404
    assert "Лагерь" in admin.see("manage", {"state": "archived"})
    assert "В архиве" in admin.see("channel", channel_id=made.pk)
    admin.client.post(undo_address(page))
    assert ChannelVisitor(school, "parent").get("channel", channel_id=made.pk).status_code == 200
    assert "нельзя" in admin.post_then_look("archive", channel_id=general(school).pk)


def test_the_register_is_narrowed_and_costs_the_same(school: School, admin: ChannelVisitor) -> None:
    free(school, title="Театр")
    few = queries_of(admin, "manage")
    for number in range(30):
        free(school, title=f"Кружок {number}")
    assert queries_of(admin, "manage") == few
    page = admin.see("manage", {"q": "ТЕАТР"})
    assert "Театр" in page
    assert "Кружок 1" not in page
    assert "Таких каналов нет" in admin.see("manage", {"q": "слон"})


def test_editors(school: School, admin: ChannelVisitor) -> None:
    channel = general(school)
    assert "Учёный" in admin.see("editors", {"q": "учён"}, channel_id=channel.pk)
    person = school.people["teacher"]
    page = admin.client.post(
        admin.url("editor_add", channel_id=channel.pk, person_id=person.pk), follow=True
    ).content.decode()
    assert "теперь публикует в этом канале" in page
    assert editors_of(channel) == [person]
    assert ChannelVisitor(school, "teacher").get("write", channel_id=channel.pk).status_code == 200
    admin.client.post(undo_address(page))
    assert ChannelVisitor(school, "teacher").get("write", channel_id=channel.pk).status_code == 403
    waiting = school.people["waiting_teacher"]
    admin.post("editor_add", channel_id=channel.pk, person_id=waiting.pk)
    assert editors_of(channel) == []


def test_channels_of_units(school: School, admin: ChannelVisitor) -> None:
    admin.post("units", {"wanted": "1"})
    assert Channel.objects.filter(organization=school.organization, kind=ChannelKind.UNIT).count() == 2
    assert "Больше не создавать" in admin.see("manage")
    admin.post("units", {"wanted": "0"})
    assert "Канал у каждого класса" in admin.see("manage")


def test_a_leader_opens_the_channel_of_the_unit(school: School) -> None:
    own, other = school.units["5А"].pk, school.units["5Б"].pk
    leader = ChannelVisitor(school, "leader")
    htmx = {"HX-Request": "true"}
    panel = leader.client.get(leader.url("unit_panel", unit_id=own), headers=htmx).content.decode()
    assert "Открыть канал" in panel
    assert "Открыть" not in leader.client.get(leader.url("unit_panel", unit_id=other), headers=htmx).content.decode()
    assert leader.post("open_unit", unit_id=other).status_code == 403
    assert "Канал «5А» создан" in leader.post_then_look("open_unit", unit_id=own)
    panel = leader.client.get(leader.url("unit_panel", unit_id=own), headers=htmx).content.decode()
    assert f"/channels/{of_unit(school).pk}/" in panel
    assert leader.get("unit_panel", unit_id=own).status_code == 302
    assert ChannelVisitor(school, "parent").post("open_unit", unit_id=own).status_code == 403


@pytest.mark.req("CHAN-3")
def test_opening_to_everybody_says_what_it_means(school: School, admin: ChannelVisitor) -> None:
    channel = general(school)
    publish(school, channel)
    publish(school, channel, "Два")
    assert "Канал увидят все в интернете: 2 записи" in admin.see("public", channel_id=channel.pk)
    page = admin.client.post(admin.url("public", channel_id=channel.pk), follow=True).content.decode()
    assert "открыт всем" in page
    assert f"/c/{school.slug}/{channel.pk}/" in page
    admin.client.post(undo_address(page))
    channel.refresh_from_db()
    assert not channel.is_public
    assert admin.get("public", channel_id=of_staff(school).pk).status_code == 302
    assert admin.post("public", channel_id=of_staff(school).pk).status_code == 302
    assert not of_staff(school).is_public


def test_about_the_channel(school: School, admin: ChannelVisitor) -> None:
    channel = of_unit(school)
    channels.set_editor(actor=school.actor("administrator"), channel=channel, person=school.people["teacher"])
    page = ChannelVisitor(school, "parent").see("about", channel_id=channel.pk)
    assert "классный руководитель" in page
    assert "Учёный Устин Ильич" in page
    assert "Название и читатели" not in page
    assert "Название и читатели" in admin.see("about", channel_id=channel.pk)
