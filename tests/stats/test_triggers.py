"""What the database notes by itself (STAT-4)."""

from __future__ import annotations

import pytest
from django.db import connection

from stats.triggers import missing

pytestmark = pytest.mark.req("STAT-4")


def test_every_declared_trigger_and_index_is_there(db: None) -> None:
    """SQLite forgets them when a later migration remakes a table."""
    assert missing(connection) == []
