"""The roll-up of the statistics on PostgreSQL, and the head's page: `python -m benchmarks.statistics`.

Measures the first fill of 90 days, one new day and the catch-up of seven. The floor of each is one INSERT … SELECT …
GROUP BY written by hand that only adds up what each person did, over the same rows in the same run; the roll-up does
that and the rest: units, quiet and doubtful messages, distinct people of weeks and months, answers, reach, the roster.
`--rows 200000 --organizations 10` tries it in a minute; the full size takes an hour or more.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from typing import Any

from benchmarks import harness
from benchmarks import statistics_data as data

# A Tuesday: 90 days later a school week begins.
FIRST = date(2026, 1, 13)
UNITS = 20
AIM_OF_FLOOR, AIM_MEMORY, AIM_PAGE_MS, AIM_STATEMENTS = 0.5, 300, 50, 12


@dataclass
class Spent:
    """What a stretch of work took."""

    seconds: float = 0.0
    in_database: float = 0.0
    statements: int = 0


@contextmanager
def spending() -> Iterator[Spent]:
    """Count the statements of this process and the time the database takes for them."""
    from django.db import connection

    spent = Spent()

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        begun = perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.in_database += perf_counter() - begun
            spent.statements += 1

    begun = perf_counter()
    with connection.execute_wrapper(counted):
        yield spent
    spent.seconds = perf_counter() - begun


@contextmanager
def reaching() -> Iterator[list[float]]:
    """Measure what the reach of single things takes: the floor knows nothing like it."""
    from stats.services import rollup

    real, taken = rollup.recount_reach, [0.0]

    def measured(*arguments: Any) -> int:
        begun = perf_counter()
        try:
            return real(*arguments)
        finally:
            taken[0] += perf_counter() - begun

    rollup.recount_reach = measured
    try:
        yield taken
    finally:
        rollup.recount_reach = real


class Bench:
    """One run at one size."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        people = options.people // options.organizations
        self.sizes: dict[str, Any] = {
            "organizations": options.organizations,
            "people": people,
            "staff": max(12, people * 6 // 100),
            "students": people * 47 // 100,
            "units": UNITS,
            "zones": data.ZONES,
            "first": FIRST,
            "at": f"timestamptz '{FIRST}'",
            "weeks": (options.days + 8) // 7 + 1,
        }
        self.sizes["parents"] = people - self.sizes["staff"] - self.sizes["students"]
        self.start = 0
        weights = [self._weight(day) for day in self._days(0, options.days)]
        self.unit = options.rows * 100 * 100_000 / (sum(weights) * sum(data.SHARES.values()))

    @staticmethod
    def _weight(day: date) -> int:
        return 100 if day.weekday() < 5 else data.WEEKEND

    @staticmethod
    def _days(first: int, count: int) -> list[date]:
        return [FIRST + timedelta(days=first + number) for number in range(count)]

    # --- Rows ---------------------------------------------------------------------------------------------------------
    def execute(self, statements: str) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(statements)

    def make_people(self) -> None:
        self.execute("SET session_replication_role = replica; SET synchronous_commit = off; SELECT setseed(0.5)")
        self.execute(data.PEOPLE.format(**self.sizes))
        self.execute(data.FLOOR_TABLE)

    def make_days(self, first: int, count: int, *, noted: bool = False) -> int:
        """Write the rows of these days and return how many; `noted`: with the changes their triggers would note."""
        from django.db import connection

        made = 0
        self.execute("SET session_replication_role = replica; ANALYZE bench.org, bench.person, bench.chat, bench.post")
        tables = [table for _source, table, *_rest in data.NOTED]
        with connection.cursor() as cursor:
            before = {table: self._last(cursor, table) for table in tables}
            # Day by day, as rows come in life: those of one day lie together.
            for day in self._days(first, count):
                rows = round(self.unit * self._weight(day) / 100)
                days = f"(SELECT date '{day}' AS day, {rows}::bigint AS rows)"
                for source, statement in data.DAYS.items():
                    values = {**self.sizes, "days": days, "share": data.SHARES[source], "start": self.start}
                    cursor.execute(statement.format(**values))
                    made += cursor.rowcount
                self.start += rows
            for source, table, moment, thing in data.NOTED if noted else ():
                cursor.execute(data.noted(source, table, moment, thing), [before[table]])
            cursor.execute("SET session_replication_role = origin")
        # What autovacuum does in life.
        self.execute("VACUUM ANALYZE")
        return made

    @staticmethod
    def _last(cursor: Any, table: str) -> int:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        return int(cursor.fetchone()[0])

    # --- Measuring ----------------------------------------------------------------------------------------------------
    def count(self, name: str, first: int, count: int, rows: int) -> None:
        """Roll up, add up the same by hand, print a line."""
        from stats.services.rollup import roll_up

        days = self._days(first, count)
        # Everything of the last day has happened also in Kaliningrad; further east it is the next one by now.
        now = datetime.combine(days[-1], time(21), tzinfo=UTC)
        with reaching() as reach, spending() as rolled:
            counted = roll_up(now=now)
        # The same help as the roll-up gives itself.
        self.execute("SET jit = off; SET work_mem = '64MB'")
        with spending() as floor:
            self.execute(data.floor(days[0], days[-1]))
        self.report(name, rows, rolled, floor.seconds)
        print(f"{'':22} {counted}; of that time the reach of posts, polls and events {reach[0]:.2f} s")
        self.explain_difference(days)

    def explain_difference(self, days: list[date]) -> None:
        """Both must have counted the same: else the comparison is worth nothing."""
        from django.db import connection

        names = [
            "messages",
            "views",
            "reactions",
            "comments",
            "posts",
            "confirmations",
            "votes",
            "answers",
            "files",
            "invitations",
            "actions",
        ]
        sums = ", ".join(f"coalesce(sum({name}), 0)" for name in names)
        with connection.cursor() as cursor:
            found = []
            for table in ("stats_personday", "bench.floor"):
                cursor.execute(f"SELECT {sums} FROM {table} WHERE day BETWEEN %s AND %s", [days[0], days[-1]])
                found.append(dict(zip(names, cursor.fetchone(), strict=True)))
        differing = {name: (found[0][name], found[1][name]) for name in names if found[0][name] != found[1][name]}
        if differing:
            print(f"{'':22} differing from the floor: {differing}")

    @staticmethod
    def report(name: str, rows: int, rolled: Spent, floor: float) -> None:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{name:22} {rows:>10,} rows  {rolled.seconds:7.2f} s (database {rolled.in_database:7.2f} s)  "
            f"{rows / rolled.seconds:>9,.0f}/s  {rolled.statements:>5} statements  {memory:>4} MB  "
            f"{floor / rolled.seconds:6.1%} of the floor ({floor:.2f} s, {rows / floor:,.0f}/s)"
        )

    # --- The page -----------------------------------------------------------------------------------------------------
    def make_history(self, years: int) -> int:
        """Five years of one organization before the first day; return its number."""
        from stats.models import OrgDay, Period, PersonDay, UnitDay

        organization = self._value("SELECT min(id) FROM bench.org")
        values: dict[str, Any] = {"organization": organization, "first": FIRST, "days": 365 * years}
        for name, table in {"org": OrgDay, "unit": UnitDay, "period": Period, "person": PersonDay}.items():
            columns = _counters(table)
            # A total is more than the part of it that has joined.
            counts = ["n % 2" if name == "person" else "60" if "total" in column else "40" for column in columns]
            counts = [
                "0" if column.startswith(("quiet", "doubtful")) else n
                for column, n in zip(columns, counts, strict=True)
            ]
            values |= {f"{name}_columns": ", ".join(columns), f"{name}_values": ", ".join(counts)}
        self.execute("SET session_replication_role = replica;" + data.HISTORY.format(**values))
        self.execute("SET session_replication_role = origin; ANALYZE")
        return organization

    def _value(self, statement: str) -> int:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.fetchone()[0])

    def page(self, organization_id: int) -> None:
        """Open the head's page as a browser does, for the week, the quarter and the year."""
        from django.conf import settings
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext
        from django.urls import reverse

        from accounts.models import User
        from orgs.models import Person

        head = Person.objects.select_related("user", "organization").get(
            organization=organization_id, roles__role="head", roles__until=None
        )
        User.objects.filter(pk=head.user_id).update(rules_version=settings.RULES_VERSION)
        client = Client(headers={"host": f"127.0.0.1:{harness.PORT}"})
        client.force_login(head.user, backend="accounts.backends.AuthenticationBackend")
        last = self._days(self.options.days + 7, 1)[0]
        for period in ("week", "quarter", "year"):
            path = f"{reverse('stats:overview', args=[head.organization.slug])}?period={period}&on={last}"
            took = []
            for _time in range(12):
                begun = perf_counter()
                with spending() as spent:
                    answer = client.get(path)
                took.append((spent.in_database * 1000, (perf_counter() - begun) * 1000, spent.statements))
                assert answer.status_code == 200, (answer.status_code, answer.content[:500])
            sql, whole, statements = sorted(took)[len(took) // 2]
            print(f"{'page, ' + period:22} {statements} statements, SQL {sql:.1f} ms, {whole:.0f} ms in one process")
        if self.options.verbose:
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            for query in queries:
                print(query["time"], query["sql"][:1000])


def _counters(table: Any) -> list[str]:
    fields = table._meta.concrete_fields
    return [field.column for field in fields if field.get_internal_type() == "PositiveIntegerField"]


def main(arguments: list[str] | None = None) -> None:
    """Make the rows, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--organizations", type=int, default=200)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--keep", action="store_true", help="leave the database there")
    parser.add_argument("--verbose", action="store_true", help="print the statements of the page")
    options = parser.parse_args(arguments)
    harness.prepare_environment()
    import django

    django.setup()
    try:
        run(Bench(options))
    finally:
        if not options.keep:
            harness.remove_database()


def run(bench: Bench) -> None:
    """Everything in its order."""
    days = bench.options.days
    begun = perf_counter()
    bench.make_people()
    rows = bench.make_days(0, days)
    print(f"{rows:,} rows made in {perf_counter() - begun:.0f} s")
    bench.count("first fill", 0, days, rows)
    bench.count("one day", days, 1, bench.make_days(days, 1, noted=True))
    bench.count("catch-up of 7 days", days + 1, 7, bench.make_days(days + 1, 7, noted=True))
    bench.page(bench.make_history(bench.options.years))
    print(f"aims: {AIM_OF_FLOOR:.0%} of the floor for a day, {AIM_MEMORY} MB; ", end="")
    print(f"the page at most {AIM_STATEMENTS} statements and {AIM_PAGE_MS} ms of SQL")


if __name__ == "__main__":
    main()
