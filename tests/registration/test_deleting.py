"""«Удалить организацию»: asked twice, told to everybody in charge, cancelled in one step (REG-5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from common.errors import DomainError
from orgs.models import AuditEvent
from outbox.models import Message
from outbox.rendering import Obsolete, render
from registration.models import Deletion
from registration.services.deleting import cancel_deletion, plan_deletion
from tests.orgs.pages import Visitor, words
from tests.world import School, World

pytestmark = [pytest.mark.req("REG-5")]


class Deleter(Visitor):
    def url(self, name: str, **values: Any) -> str:
        if name.startswith("delete"):
            return reverse(f"registration:{name}", args=[self.school.slug])
        return super().url(name, **values)


@pytest.fixture
def school(world: World) -> School:
    for name in ("administrator", "head", "leader"):
        User.objects.filter(pk=world.a.user(name).pk).update(email=f"{name}@example.org")
    return world.a


@pytest.fixture
def administrator(school: School) -> Deleter:
    return Deleter(school, "administrator")


def test_the_page_says_what_goes_and_offers_the_lists_first(administrator: Deleter) -> None:
    assert "Удалить организацию" in administrator.see("settings")
    page = administrator.see("delete")
    assert "Сначала сохраните списки" in page
    assert "через 30 дней" in page
    assert "Учётные записи людей остаются" in page


def test_the_name_has_to_be_typed(administrator: Deleter) -> None:
    response = administrator.post("delete", {"short_name": "Школа № 2"})
    assert response.status_code == 422
    assert "Название не совпадает" in words(response)
    assert administrator.post("delete", {}).status_code == 422
    assert not Deletion.objects.exists()


def test_everybody_in_charge_is_told_and_may_stop_it(school: School, administrator: Deleter) -> None:
    page = administrator.post_then_look("delete", {"short_name": "школа № 1"})
    assert "Организация будет удалена" in page
    assert "Отменить удаление" in page
    letters = Message.objects.filter(template="deletion_planned")
    assert sorted(letters.values_list("recipient", flat=True)) == ["administrator@example.org", "head@example.org"]
    letter = render(letters[0])
    assert "Школа № 1" in letter.subject
    assert "/o/a/settings/delete/" in letter.text
    for who in ("administrator", "head"):
        assert "Организация будет удалена" in Deleter(school, who).see("home"), who
    assert "будет удалена" not in Deleter(school, "leader").see("home")
    assert "Отменить удаление могут администраторы" in Deleter(school, "head").see("delete")
    assert "организация остаётся" in administrator.post_then_look("delete_cancel")
    assert "будет удалена" not in administrator.see("home")
    assert Message.objects.filter(template="deletion_cancelled").count() == 2
    assert "Ничего не удалено" in render(Message.objects.filter(template="deletion_cancelled")[0]).text
    with pytest.raises(Obsolete):
        render(letters[0])
    actions = AuditEvent.objects.filter(organization_id=school.organization.pk).order_by("-id")
    assert list(actions.values_list("action", flat=True)[:2]) == [
        "organization.deletion_cancelled",
        "organization.deletion_planned",
    ]
    journal = administrator.see("journal")
    assert "Назначено удаление организации на" in journal


def test_twice_is_once(school: School, administrator: Deleter) -> None:
    administrator.post("delete", {"short_name": "Школа № 1"})
    assert administrator.post("delete", {"short_name": "Школа № 1"}).status_code == 422
    administrator.post("delete_cancel")
    assert administrator.post("delete_cancel").status_code == 302
    assert Deletion.objects.count() == 1
    with pytest.raises(DomainError, match="deletion_over"):
        cancel_deletion(deletion=Deletion.objects.get(), actor=school.actor("administrator"))
    again = plan_deletion(actor=school.actor("administrator"), typed_name="Школа № 1")
    assert again.is_pending


@pytest.mark.req("ACC-4")
def test_nobody_else_asks_or_cancels(world: World, school: School) -> None:
    plan_deletion(actor=school.actor("administrator"), typed_name="Школа № 1")
    for who in ("head", "leader", "parent", "student"):
        assert Deleter(school, who).post("delete", {"short_name": "Школа № 1"}).status_code == 403
        assert Deleter(school, who).post("delete_cancel").status_code == 403
    assert Deletion.objects.get().is_pending
    assert Deleter(world.b, "administrator").client.get("/o/a/settings/delete/").status_code == 404
    assert "Удаление не назначено" in Deleter(world.b, "head").see("delete")
