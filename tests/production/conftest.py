"""The stories of tests/production run against the production set (stand.py), started once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import steps
from tests.browser.conftest import axe, come, enter, new_page, school, shoot, sign_in
from tests.production.stand import Stand, running


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pooled", action="store_true", help="with PgBouncer before PostgreSQL")


@pytest.fixture(scope="session")
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    with running(pooled=request.config.getoption("--pooled", default=False)) as stand:
        yield stand


@pytest.fixture(autouse=True)
def logs_of_failures(request: pytest.FixtureRequest, stand: Stand) -> Iterator[None]:
    """Whoever looks at a failure finds what the services wrote."""
    failed = request.session.testsfailed
    yield
    if request.session.testsfailed > failed:
        print(stand.engine.logs())  # noqa: T201


@pytest.fixture(scope="session")
def server(stand: Stand) -> str:
    return stand.url


@pytest.fixture(scope="session")
def data(stand: Stand) -> Callable[..., Any]:
    return stand.data


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = steps.chromium()
    if path is None:
        pytest.fail("Chromium is needed: apt-get install chromium")
    options = [*steps.CHROMIUM_OPTIONS, "--ignore-certificate-errors"]  # the stand signs its certificate itself
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture
def read_code(stand: Stand) -> Callable[[str], str]:
    """`read_code(phone)`: the code that came to the SMS gateway; each is read once."""
    known: dict[str, int] = {}

    def read(phone: str) -> str:
        code = stand.gateway.wait_for_code(phone, known.get(phone, 0))
        known[phone] = len(stand.gateway.codes(phone))
        return code

    return read


__all__ = ["axe", "come", "enter", "new_page", "school", "shoot", "sign_in"]
