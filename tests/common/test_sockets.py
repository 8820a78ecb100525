"""The door of the sockets: whose page may open one, and what an address that is not there answers."""

from typing import Any

import pytest

from common.sockets import is_same_origin
from tests.sockets import Socket, run


def test_an_unknown_address_closes_with_its_code() -> None:
    async def story() -> None:
        socket = Socket("/ws/nothing/")
        assert await socket.open()
        assert await socket.closed() == 4404

    run(story)


@pytest.mark.req("ACC-7")
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://testserver.evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"host": ""},
    ],
    ids=["foreign", "longer", "hidden", "no origin", "no host"],
)
def test_pages_of_other_sites_are_refused_before_anything_is_asked(headers: dict[str, str]) -> None:
    async def story() -> None:
        assert not await Socket("/ws/nothing/", **headers).open()

    run(story)


def test_the_embedded_mode_answers_to_any_name_but_only_to_its_own_pages(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert is_same_origin("http://192.168.0.5:9000", "192.168.0.5:9000")
    assert is_same_origin("http://LOCALHOST:8000", "localhost:8000")
    assert is_same_origin("http://[::1]:8000", "[::1]:8000")
    assert not is_same_origin("http://192.168.0.5:9001", "192.168.0.5:9000")
    assert not is_same_origin("http://[", "localhost")
    assert not is_same_origin("", "")


def test_production_takes_https_and_its_own_names_only(settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.SESSION_COOKIE_SECURE = ["school.example.ru"], True
    assert is_same_origin("https://school.example.ru", "school.example.ru")
    assert not is_same_origin("http://school.example.ru", "school.example.ru")
    assert not is_same_origin("https://other.example.ru", "other.example.ru")
