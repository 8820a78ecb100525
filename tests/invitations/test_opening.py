"""When an invitation was first looked at: the second step of the funnel (STAT-3)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from common.visitors import is_prefetched, is_robot
from invitations.models import Invitation
from invitations.services import JoinAnswers, LinkTerms, redeem, renew, revoke
from invitations.tokens import make_token
from tests.invitations.conftest import link_of
from tests.invitations.test_joining import door
from tests.world import World, make_user

pytestmark = pytest.mark.req("STAT-3", "INV-4")

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
ROBOTS = [
    "TelegramBot (like TwitterBot)",
    "WhatsApp/2.23.20.0",
    "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
    "Viber/20.5.0",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitterbot/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; Linux x86_64; Mail.RU_Bot/2.0; +http://go.mail.ru/help/robots)",
    "Mozilla/5.0 (compatible; OdklBot/1.0; klass@odnoklassniki.ru)",
    "curl/8.5.0",
    "python-requests/2.31.0",
]
PEOPLE = [
    PHONE,
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) YaBrowser/24.1 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 13; SM-A536B; wv) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 Viber/20.5",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
]


def opened_at(link: Invitation) -> datetime | None:
    return Invitation.objects.values_list("opened_at", flat=True).get(pk=link.pk)


def visitor(agent: str = PHONE, **headers: str) -> Client:
    return Client(headers={"user-agent": agent, **headers})


def test_the_first_visit_is_remembered_and_later_ones_are_not(world: World, parent_link: Invitation) -> None:
    before = timezone.now()
    assert opened_at(parent_link) is None
    visitor().get(door(parent_link))
    first = opened_at(parent_link)
    assert first is not None
    assert before <= first <= timezone.now()
    visitor().get(door(parent_link))
    assert opened_at(parent_link) == first


def test_only_this_link_is_opened(world: World, parent_link: Invitation) -> None:
    others = [link_of(world.a), link_of(world.b)]
    visitor().get(door(parent_link))
    assert [opened_at(link) for link in others] == [None, None]


@pytest.mark.parametrize("agent", ROBOTS)
def test_the_preview_of_a_messenger_opens_nothing(world: World, parent_link: Invitation, agent: str) -> None:
    assert visitor(agent).get(door(parent_link)).status_code == 200
    assert opened_at(parent_link) is None


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_are_not_taken_for_robots(agent: str) -> None:
    assert not is_robot(RequestFactory(headers={"user-agent": agent}).get("/"))


@pytest.mark.parametrize(
    "headers", [{"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x-moz": "prefetch"}]
)
def test_what_a_browser_fetches_beforehand_opens_nothing(
    world: World, parent_link: Invitation, headers: dict[str, str]
) -> None:
    visitor(**headers).get(door(parent_link))
    assert opened_at(parent_link) is None
    assert is_prefetched(RequestFactory(headers=headers).get("/"))
    assert not is_prefetched(RequestFactory().get("/"))


def test_neither_a_look_without_reading_nor_a_forged_token_opens_it(world: World, parent_link: Invitation) -> None:
    visitor().head(door(parent_link))
    visitor().post(door(parent_link), {"step": "enter"})
    visitor().get(f"/join/{make_token(parent_link.pk, 2)}/")
    assert opened_at(parent_link) is None


def test_who_made_the_link_may_look_at_it(world: World, browse: Any, parent_link: Invitation) -> None:
    browse(world.a.user("administrator")).get(door(parent_link))
    assert opened_at(parent_link) is None
    browse(world.a.user("head")).get(door(parent_link))
    assert opened_at(parent_link) is not None


def test_a_link_that_is_over_was_opened_too(world: World, parent_link: Invitation) -> None:
    revoke(actor=None, invitation=parent_link)
    assert visitor().get(door(parent_link)).status_code == 410
    assert opened_at(parent_link) is not None


def test_renewing_keeps_it(world: World, parent_link: Invitation) -> None:
    long_ago = timezone.now() - timedelta(days=3)
    Invitation.objects.filter(pk=parent_link.pk).update(opened_at=long_ago)
    renewed = renew(actor=world.a.actor("administrator"), invitation=parent_link, terms=LinkTerms())
    assert opened_at(parent_link) == long_ago
    visitor().get(door(renewed))
    assert opened_at(parent_link) == long_ago


def test_who_joins_without_the_page_has_opened_it(world: World) -> None:
    link = link_of(world.a, role="student", unit="5Б")
    answers = JoinAnswers("Новичков", "Ник")
    redeem(user=make_user("+79165550001"), invitation=link, generation=1, answers=answers)
    first = opened_at(link)
    assert first is not None
    redeem(user=make_user("+79165550002"), invitation=link, generation=1, answers=JoinAnswers("Другов", "Дан"))
    assert opened_at(link) == first
