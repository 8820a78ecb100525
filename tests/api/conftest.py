"""Whoever talks to the API in these tests."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.api.client import CheckedClient
from tests.world import School

Api = Callable[..., CheckedClient]


@pytest.fixture
def api() -> Api:
    """`api(school, "teacher")` is a client signed in as that one; `api()` is a stranger."""

    def as_somebody(school: School | None = None, who: str | User | None = None) -> CheckedClient:
        client = CheckedClient()
        client.slug = school.slug if school else ""
        user = school.user(who) if school and isinstance(who, str) else who
        if user is not None:
            client.force_login(user, backend="accounts.backends.AuthenticationBackend")
        return client

    return as_somebody


@pytest.fixture
def bare_client() -> APIClient:
    """A client that checks nothing."""
    return APIClient()
