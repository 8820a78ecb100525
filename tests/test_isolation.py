"""What happens in one school leaves the rows of the other identical."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import User
from files.models import StoredFile
from files.services import upload
from invitations import services as invitations
from invitations.models import Invitation
from invitations.services import JoinAnswers, LinkTerms, Recipient, redeem
from orgs.models import Role
from orgs.services import administration, organization, people, structure
from outbox.models import Message
from tests.files.samples import upload_of
from tests.invitations.conftest import link_of
from tests.world import School, World, make_user


def rows_of(school: School) -> dict[str, list[dict[str, Any]]]:
    """Every row of the school in every table that knows organizations."""
    tables = {}
    for model in apps.get_models():
        if "organization_id" in {field.attname for field in model._meta.concrete_fields}:
            rows = model._default_manager.filter(organization_id=school.organization.pk).order_by("pk")
            tables[model._meta.label] = list(rows.values())
    return tables


def make_everything_due(world: World) -> None:
    """In both schools: a link that lives, with messages waiting; then in school a alone all is long past."""
    for school in (world.a, world.b):
        actor = school.actor("administrator")
        link = link_of(school)
        invitations.send_link(actor=actor, invitation=link, recipients=[Recipient("email", "x@example.org")])
        invitations.ensure_codes(actor=actor, unit=school.units["5А"], role=Role.PARENT)
        upload(actor=actor, upload=upload_of(b"hello", "a.txt"))
    past = timezone.now() - timedelta(days=1)
    of_a = Invitation.objects.filter(organization=world.a.organization)
    of_a.update(created_at=past - timedelta(days=30), expires_at=past)
    StoredFile.objects.filter(organization=world.a.organization).update(uploaded_at=past)
    future = timezone.now() + timedelta(days=1)
    Message.objects.filter(organization_id=world.b.organization.pk).update(next_attempt_at=future)
    User.objects.create(phone="+79005550000", date_joined=timezone.now() - timedelta(days=9))


@pytest.mark.req("ACC-4", "REG-3")
@pytest.mark.parametrize("task", sorted(entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()))
def test_a_scheduled_job_of_one_school_leaves_the_other_alone(world: World, task: str) -> None:
    make_everything_due(world)
    before = rows_of(world.b)
    assert any(before.values())
    import_string(task)()
    import_string(task)()
    assert rows_of(world.b) == before


Deed = Callable[[World], object]

DEEDS: dict[str, Deed] = {
    "details": lambda w: organization.update_organization(
        actor=w.a.actor("administrator"), details={"short_name": "Иная"}
    ),
    "own words": lambda w: organization.update_labels(actor=w.a.actor("administrator"), labels={"unit": "отряд"}),
    "roles": lambda w: people.set_roles(
        actor=w.a.actor("administrator"), person=w.a.people["leader"], roles=[Role.HEAD]
    ),
    "archive": lambda w: structure.archive_unit(actor=w.a.actor("administrator"), unit=w.a.units["5А"]),
    "appoint": lambda w: administration.appoint_administrator(
        actor=w.a.actor("administrator"), person=w.a.people["leader"]
    ),
    "join": lambda w: redeem(
        user=make_user("+79005550001"),
        invitation=link_of(w.a),
        generation=1,
        answers=JoinAnswers("Н", "Н", child_name="Зайцева Зоя"),
    ),
    "the parent of both leaves one": lambda w: people.end_role(
        actor=w.a.actor("administrator"), person=w.a.people["both"], role=Role.PARENT
    ),
    "annul all": lambda w: invitations.revoke_unclaimed(actor=w.a.actor("administrator")),
    "renew": lambda w: invitations.renew(actor=w.a.actor("administrator"), invitation=link_of(w.a), terms=LinkTerms()),
}


@pytest.mark.req("ACC-4", "REG-3")
@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_a_deed_in_one_school_leaves_the_other_alone(world: World, deed: str) -> None:
    link_of(world.b)
    before = rows_of(world.b)
    DEEDS[deed](world)
    assert rows_of(world.b) == before
