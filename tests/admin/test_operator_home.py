"""The first page of the operator's tool."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common import readiness
from outbox.models import Message, Status
from tests.world import World

Browse = Callable[[User | None], Client]


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The states of the parts, without asking servers."""
    states = dict.fromkeys((part for group in readiness.GROUPS for part in group.parts), readiness.OK)
    monkeypatch.setattr(readiness, "states", lambda: states)
    return states


@pytest.mark.req("REG-3")
def test_the_operator_sees_what_waits_and_what_is_amiss(world: World, browse: Browse, parts: dict[str, str]) -> None:
    parts["worker"] = readiness.LATE
    Message.objects.create(
        channel="email",
        recipient="a@example.org",
        template="invitation",
        status=Status.FAILED,
        finished_at=timezone.now(),
    )
    page = browse(world.operator).get(reverse("admin:index"))
    tiles = {tile.url: tile for tile in page.context["tiles"]}
    failed = [tile for tile in page.context["tiles"] if tile.is_urgent]
    assert [tile.number for tile in failed] == [1]
    assert failed[0].url == reverse("admin:outbox_message_changelist")
    assert tiles[reverse("admin:orgs_organization_changelist")].number == 2
    assert [part.title for part in page.context["parts"] if not part.is_well] == ["Фоновые работники"]
    html = page.content.decode()
    assert "Не доставлено за последний час" in html
    assert "отстаёт" in html


def test_every_part_has_a_name(parts: dict[str, str], world: World, browse: Browse) -> None:
    page = browse(world.operator).get(reverse("admin:index"))
    assert not {str(part.title) for part in page.context["parts"]} & set(parts)


def test_the_page_costs_the_same_for_any_number(
    world: World, browse: Browse, parts: dict[str, str], django_assert_max_num_queries: Callable
) -> None:
    client = browse(world.operator)
    with django_assert_max_num_queries(13):
        client.get(reverse("admin:index"))
