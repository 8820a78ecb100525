"""Everything is killed in turn under load; last by its name, because the other stories want a quiet set."""

from tests.production import faults
from tests.production.stand import Stand


def test_every_accepted_write_survives_and_everything_heals(stand: Stand) -> None:
    outcomes, counts = faults.measure(stand)
    print(faults.table(outcomes, counts))  # noqa: T201 - seen with -s, and when it fails
    assert len(outcomes) >= 7
    assert counts["messages"] > 100
    assert counts["joins"] > 20
    assert counts["codes"] > 5
