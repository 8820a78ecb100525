"""Prepared queries give what the same querysets give."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from common.prepared import Prepared
from orgs.models import Person, RoleAssignment
from tests.world import World

roles_of = Prepared(
    lambda user_id, slug: RoleAssignment.objects.filter(
        person__user_id=user_id, person__organization__slug=slug, until=None
    ).select_related("person__organization"),
    user_id=-1,
    slug="~slug~",
)
names_of = Prepared(lambda pk: Person.objects.filter(pk=pk).values_list("last_name", "id"), pk=-1)


def test_objects_come_whole_with_what_hangs_on_them(world: World, django_assert_num_queries: Any) -> None:
    for school, name in ((world.a, "teacher"), (world.b, "head"), (world.a, "head")):
        user = school.user(name)
        with django_assert_num_queries(1):
            found = roles_of(user_id=user.pk, slug=school.slug)
            organization = found[0].person.organization
        plain = RoleAssignment.objects.get(person__user=user, until=None, person__organization=organization)
        assert found == [plain]
        assert organization == school.organization
        # Also what the database keeps in another form: JSON, times, dates.
        for given, expected in ((found[0], plain), (organization, plain.person.organization)):
            names = [field.attname for field in given._meta.concrete_fields]
            assert [getattr(given, name) for name in names] == [getattr(expected, name) for name in names]


def test_rows_come_as_tuples(world: World) -> None:
    person = world.a.people["student"]
    assert names_of(pk=person.pk) == [(person.last_name, person.pk)]
    assert names_of(pk=0) == []


def test_objects_can_be_changed_and_saved(world: World) -> None:
    users = Prepared(lambda pk: User.objects.filter(pk=pk), pk=-1)
    user = users(pk=world.a.user("head").pk)[0]
    user.last_login = timezone.now()
    user.save()
    assert users(pk=user.pk)[0].last_login == user.last_login


def test_a_value_without_a_place_is_refused(db: None) -> None:
    with pytest.raises(ValueError, match="slug"):
        Prepared(lambda pk, slug: User.objects.filter(pk=pk), pk=-1, slug="~slug~")(pk=1, slug="x")
    with pytest.raises(ValueError, match="prefetches"):
        Prepared(lambda pk: Person.objects.filter(pk=pk).prefetch_related("roles"), pk=-1)(pk=1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_through_its_own_connection() -> None:
    """Else one request would read what another has not committed."""
    users = Prepared(lambda pk: User.objects.filter(pk=pk), pk=-1)

    def elsewhere(pk: int) -> list[User]:
        try:
            return users(pk=pk)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as thread:
        user = User.objects.create(phone="+79005550011")
        assert users(pk=user.pk) == [user]
        assert thread.submit(elsewhere, user.pk).result() == []
        transaction.set_rollback(True)
