import pytest

from accounts.models import User
from accounts.services import ensure_user
from tests.accounts.door import PHONE


@pytest.fixture
def user(db) -> User:
    return ensure_user(PHONE, "Анна Ильина")
