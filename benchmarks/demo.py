"""The demonstration's school, with its year of chats, posts, events and figures, grown to a size."""

from __future__ import annotations

from benchmarks import harness
from benchmarks.joining import make_session

SLUG = "shkola-14"
IN_CLASS = 25
BATCH = 2000

# Rows made by the database itself: what they hold does not matter here, how many there are does.
GROW = """
WITH units AS (
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS no FROM orgs_unit WHERE organization_id = {organization}
    AND academic_year_id IS NOT NULL AND archived_at IS NULL AND name LIKE '%я %'
), made AS (
  INSERT INTO orgs_person (last_name, first_name, patronymic, search_name, phone, email, position, joined_at,
      created_at, organization_id, verification, verification_reason, record_number)
  SELECT CASE n % 2 WHEN 0 THEN 'Ученик' ELSE 'Родитель' END, 'Имя' || n / 2, 'Отчество',
    CASE n % 2 WHEN 0 THEN 'ученик' ELSE 'родитель' END || ' имя' || n / 2 || ' отчество', '', '', '', now(), now(),
    {organization}, '{verification}', '', '' FROM generate_series(0, {people} - 1) n RETURNING id, last_name
), numbered AS (
  SELECT id, last_name = 'Ученик' AS is_child, row_number() OVER (PARTITION BY last_name ORDER BY id) - 1 AS no
  FROM made
), roles AS (
  INSERT INTO orgs_roleassignment (role, since, organization_id, person_id)
  SELECT CASE WHEN is_child THEN 'student' ELSE 'parent' END, now(), {organization}, id FROM numbered
), families AS (
  INSERT INTO orgs_guardianship (since, organization_id, child_id, parent_id)
  SELECT now(), {organization}, c.id, p.id FROM numbered c JOIN numbered p ON p.no = c.no AND c.is_child
    AND NOT p.is_child
)
INSERT INTO orgs_enrolment (part, since, order_number, is_conditional, organization_id, person_id, unit_id)
SELECT 'student', CURRENT_DATE, '', false, {organization}, n.id, u.id FROM numbered n
  JOIN units u ON u.no = n.no / {in_class} WHERE n.is_child
"""


def make_school(people: int) -> dict[str, str]:
    """Load the demonstration and let its school grow to `people`; return the session of each role."""
    from django.db import connection

    from orgs.models import Organization, Person
    from sferum_admin.demo import known, load

    load(lambda line: None)
    school = Organization.objects.get(slug=SLUG)
    more = people - Person.objects.filter(organization=school).count()
    if more > 0:
        _grow(school, more)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    cast = {
        "administrator": known.SCHOOL_ADMINISTRATOR,
        "head": known.DIRECTOR,
        "teacher": known.CLASS_LEADER,
        "parent": known.PARENT_OF_TWO,
        "student": known.STUDENT,
    }
    return {role: make_session(person.phone) for role, person in cast.items()}


def _grow(school: object, more: int) -> None:
    from django.db import connection

    from orgs.models import Organization, Person
    from orgs.services.structure import MAX_UNITS_AT_ONCE, UnitData, create_units

    assert isinstance(school, Organization)
    classes = -(-(more // 2) // IN_CLASS)
    names = [UnitData("class", f"Параллель {1 + n % 11}я {n}", parallel=1 + n % 11) for n in range(classes)]
    for start in range(0, len(names), MAX_UNITS_AT_ONCE):
        create_units(organization=school, actor=None, units=names[start : start + MAX_UNITS_AT_ONCE])
    verification = Person._meta.get_field("verification").get_default()
    values = {"organization": school.pk, "people": more, "in_class": IN_CLASS, "verification": verification}
    with connection.cursor() as cursor:
        cursor.execute(GROW.format(**values).replace("%", "%%"), [])


def prepare(people: int, *, again: bool = False) -> dict[str, str]:
    """A fresh database with the school in it (or that of the former run), before anything else of Django is used."""
    harness.prepare_environment(again=again)
    import django

    django.setup()
    return make_school(people)
