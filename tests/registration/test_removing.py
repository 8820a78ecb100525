"""An organization is deleted with everything; the other one does not notice (REG-5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from documents.models import Document
from files.models import StoredFile
from orgs.models import AuditEvent, Organization, Person
from orgs.services.administration import grant_right, offer_handover
from outbox.models import Message
from registration.models import Application, Deletion, LeftFile, OrderFile
from registration.services.deleting import cancel_deletion, plan_deletion
from registration.services.removing import delete_due, delete_organization, remove_left_files, tables_of_organizations
from stats.services import rollup
from tests.documents.cast import to_be_read
from tests.matrix_chats import ChatThings
from tests.registration.cast import application
from tests.test_isolation import count_everything, make_everything_due, rows_of
from tests.world import School, World

pytestmark = pytest.mark.req("REG-5")


def live(world: World) -> None:
    """Both schools have used the platform: links, chats, posts, readings, events, documents, figures, rights."""
    make_everything_due(world)
    for school in (world.a, world.b):
        ChatThings(school)
        to_be_read(school)
        offer_handover(actor=school.actor("administrator"), person=school.people["leader"], stays=True)
        units, leader = school.units, school.people["leader"]
        grant_right(actor=school.actor("head"), person=leader, codename="invite_into_unit", unit=units["5Б"])
        merged = school.people["waiting_parent"]
        Person.objects.filter(pk=merged.pk).update(merged_into=school.people["parent"])
    count_everything(world)
    rollup.roll_up()


def planned(school: School) -> Deletion:
    return plan_deletion(actor=school.actor("administrator"), typed_name=school.organization.short_name)


def on_the_day(deletion: Deletion) -> Any:
    return time_machine.travel(deletion.due_at + timedelta(minutes=1), tick=False)


def own_files(school: School) -> list[str]:
    rows = StoredFile.objects.filter(organization=school.organization)
    return [name for row in rows for name in (row.content.name, row.preview.name) if name]


def left_of(organization_id: int) -> dict[str, int]:
    """Rows of any table that still name the organization."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if any(field.attname == "organization_id" for field in model._meta.concrete_fields):
            count = model._base_manager.filter(organization_id=organization_id).count()
            found |= {model._meta.label: count} if count else {}
    return found


@pytest.mark.req("ACC-4")
def test_everything_of_one_school_goes_and_nothing_of_the_other(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    live(world)
    of_a, of_b = own_files(world.a), own_files(world.b)
    tables = {label for label, rows in rows_of(world.a).items() if rows}
    assert {"chats.Message", "channels_app.Post", "documents.Document", "stats.OrgDay", "orgs.AuditEvent"} <= tables
    users = set(User.objects.values_list("pk", flat=True))
    deletion = planned(world.a)
    theirs = rows_of(world.b)
    number, name = world.a.organization.pk, world.a.people["administrator"].full_name
    with on_the_day(deletion), django_capture_on_commit_callbacks(execute=True):
        assert delete_due(timezone.now()) == 1
        assert delete_due(timezone.now()) == 0
    assert left_of(number) == {}
    assert rows_of(world.b) == theirs
    assert set(User.objects.values_list("pk", flat=True)) == users
    assert not [name for name in of_a if default_storage.exists(name)]
    assert of_b
    assert all(default_storage.exists(name) for name in of_b)
    if connection.vendor == "sqlite":
        connection.check_constraints()
    deletion.refresh_from_db()
    assert (deletion.organization, deletion.organization_number, deletion.short_name) == (None, number, "Школа № 1")
    assert (deletion.requested_name, deletion.files) == (name, len(of_a))
    assert deletion.rows > 100
    assert deletion.done_at is not None
    assert not LeftFile.objects.exists()


def test_no_key_of_any_table_is_left_hanging(world: World) -> None:
    """The database itself is asked: it checks at the end what was let wait."""
    live(world)
    deletion = planned(world.a)
    assert delete_organization(deletion)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    else:
        connection.check_constraints()


def test_nothing_happens_before_the_day(world: World) -> None:
    deletion = planned(world.a)
    with time_machine.travel(deletion.due_at - timedelta(minutes=1), tick=False):
        assert delete_due(timezone.now()) == 0
    assert Organization.objects.filter(pk=world.a.organization.pk).exists()
    assert deletion.due_at - deletion.requested_at == timedelta(days=30)


def test_what_is_cancelled_is_not_carried_out(world: World) -> None:
    deletion = planned(world.a)
    cancel_deletion(deletion=deletion, actor=world.a.actor("administrator"))
    with on_the_day(deletion):
        assert delete_due(timezone.now()) == 0
        assert not delete_organization(deletion)
    assert Organization.objects.filter(pk=world.a.organization.pk).exists()


def test_a_process_that_died_leaves_a_list_of_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    live(world)
    names, deletion = own_files(world.a), planned(world.a)
    with monkeypatch.context() as patch:
        patch.setattr("registration.services.removing.remove_left_files", lambda _deletion: None)
        assert delete_organization(deletion)
    assert sorted(deletion.left_files.values_list("name", flat=True)) == sorted(names)
    assert all(default_storage.exists(name) for name in names)
    assert delete_due(timezone.now()) == 0
    assert not LeftFile.objects.exists()
    assert not [name for name in names if default_storage.exists(name)]
    remove_left_files(deletion)


def test_half_a_deletion_does_not_exist(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    deletion, before = planned(world.a), rows_of(world.a)
    monkeypatch.setattr("registration.services.removing._empty", lambda rows: rows._raw_delete(rows.db) / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        delete_organization(deletion)
    assert rows_of(world.a) == before


def test_the_application_goes_with_its_order(world: World, django_capture_on_commit_callbacks: Any) -> None:
    from tests.registration.cast import approved

    made = approved(world)
    other = application(inn="5401000007", short_name="Сад № 3")
    file = made.order.content.name
    organization = made.organization
    assert organization is not None
    deletion = Deletion.objects.create(
        organization=organization,
        organization_number=organization.pk,
        due_at=timezone.now() + timedelta(days=1),
        short_name="Школа № 77",
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_organization(deletion)
    assert list(Application.objects.all()) == [other]
    assert list(OrderFile.objects.all()) == [other.order]
    assert not default_storage.exists(str(file))
    assert default_storage.exists(str(other.order.content.name))


@pytest.mark.req("ORG-12")
def test_the_journal_of_an_organization_that_is_there_stays_append_only(world: World) -> None:
    delete_organization(planned(world.a))
    from django.db import DatabaseError

    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(organization_id=world.b.organization.pk)._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEvent.objects.filter(organization_id=world.b.organization.pk).update(actor_name="x")
    assert AuditEvent.objects.filter(organization_id=world.b.organization.pk).exists()


def test_every_table_of_organizations_is_known(world: World) -> None:
    labels = {model._meta.label for model in tables_of_organizations()}
    assert {"orgs.Person", "outbox.Message", "registration.Application", "works.Work"} <= labels
    assert "registration.Deletion" not in labels
    assert Document._meta.label in labels
    assert Message._meta.label in labels
