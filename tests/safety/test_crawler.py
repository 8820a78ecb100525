"""Each role of one school asks for everything of the other, through every route and every socket (ACC-4).

About 1,000 requests for a role: a minute of one processor for all of them together.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

import pytest
from django.test import Client

from accounts.models import User
from chats.consumers import Code
from sferum_admin.ws_urls import websocket_urlpatterns
from tests.matrix_things import Things
from tests.safety.crawling import METHODS, PUBLIC, VISITORS, Address, addresses, crawl, mark_everything, visitor
from tests.sockets import Socket, run
from tests.test_isolation import rows_of
from tests.test_permission_matrix import ROWS
from tests.world import World

pytestmark = [pytest.mark.req("ACC-4"), pytest.mark.timeout(600)]
# Methods that a page or an operation does not have are tried by one of the visitors.
DECLARED: dict[str, set[str]] = defaultdict(set)
for _row in ROWS:
    DECLARED[_row.route].add(_row.method)
Browse = Callable[[User | None], Client]


@pytest.mark.parametrize("who", VISITORS)
def test_the_other_school_does_not_exist(world: World, browse: Browse, who: str) -> None:
    found = list(addresses(world))
    mark_everything(world)
    user = visitor(world, who)
    before = rows_of(world.a), rows_of(world.b)
    is_thorough = who == "administrator"

    def methods(address: Address) -> Iterable[str]:
        return METHODS if is_thorough and address.route.startswith("api_") else DECLARED[address.route]

    finding = crawl(browse(user), found, methods)
    assert finding.wrong == []
    assert finding.asked > 900
    assert (rows_of(world.a), rows_of(world.b)) == before


def test_public_pages_are_those_the_matrix_knows() -> None:
    """What a stranger may read of a school is what the crawler passes over, and nothing else."""
    open_to_strangers = {row.route for row in ROWS if row.route in PUBLIC and row.expected()["other"] != 404}
    assert open_to_strangers == PUBLIC


@pytest.mark.parametrize("who", VISITORS)
def test_its_sockets_do_not_exist_either(world: World, browse: Browse, live: None, who: str) -> None:
    chats = Things(world).chats
    browser = browse(visitor(world, who))
    assert {route.name for route in websocket_urlpatterns} == {"live"}

    async def story() -> None:
        foreign = Socket(f"/ws/o/{world.a.slug}/", browser)
        assert await foreign.open()
        assert await foreign.closed() == Code.NO_PLACE
        await foreign.close()
        if who == "curator":
            return
        own = Socket(f"/ws/o/{world.b.slug}/", browser)
        assert await own.open()
        theirs = {chat["id"] for chat in (await own.hear())["chats"]}
        assert not theirs & {chats.unit.pk, chats.free.pk}
        await own.say({"type": "watch", "chat": chats.unit.pk})
        answer = await own.hear()
        assert answer["type"] == "chats"
        assert {chat["id"] for chat in answer["chats"]} == theirs
        await own.say({"type": "typing", "chat": chats.unit.pk})
        await own.say({"type": "ping"})
        assert (await own.hear())["type"] == "pong"
        await own.close()

    run(story)
