"""What makes the removal of thousands of people bearable for PostgreSQL (common/db.py)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from orgs.models import Enrolment
from tests.world import School

pytestmark = [pytest.mark.postgresql, pytest.mark.req("ORG-8", "ACC-4")]
KEYS = """
SELECT conrelid::regclass::text, array_length(conkey, 1) FROM pg_constraint
WHERE contype = 'f' AND confrelid = 'orgs_person'::regclass AND conrelid::regclass::text = ANY(%s)
"""
TABLES = ["orgs_enrolment", "orgs_roleassignment", "chats_message", "stats_personday", "movement_consent"]
INDEXES = "SELECT indexdef FROM pg_indexes WHERE tablename = %s AND indexname LIKE '%%_wall'"


def rows(statement: str, parameter: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [parameter])
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_one_key_leads_to_a_person_not_two() -> None:
    found = rows(KEYS, TABLES)
    assert {table for table, _columns in found} == set(TABLES)
    assert {columns for _table, columns in found} == {2}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("orgs_enrolment", "person_id"),
        ("orgs_roleassignment", "person_id"),
        ("orgs_guardianship", "parent_id"),
        ("orgs_guardianship", "child_id"),
        ("orgs_person", "merged_into_id"),
    ],
)
def test_a_table_of_many_rows_has_an_index_for_its_wall(table: str, column: str) -> None:
    assert any(f"({column}, organization_id)" in str(definition) for (definition,) in rows(INDEXES, table))


def test_the_key_that_is_left_refuses_nobody_and_strangers(school: School) -> None:
    enrolment = Enrolment.objects.filter(organization=school.organization).first()
    assert enrolment is not None
    for person in (2**40, 0):
        with pytest.raises(IntegrityError), transaction.atomic():
            Enrolment.objects.filter(pk=enrolment.pk).update(person_id=person)
