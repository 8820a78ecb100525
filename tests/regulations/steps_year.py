"""The administrator's year by the pages: the application, requests of newcomers, confirmation of staff, notices of
movement, a pupil without a phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from invitations.models import JoinRequest, RequestState
from movement.models import Notice
from orgs.models import Organization, Role
from outbox.models import Message
from outbox.rendering import open_secret
from registration.models import Application
from tests.regulations.places import Human, Place
from tests.regulations.scene import Scene, path_of
from tests.regulations.walker import Page, Walker

OPERATOR_PHONE = "+79739990001"
ORDER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class Applied:
    """An application under way: where, who will be the administrator, the page by which the applicant follows it."""

    place: Place
    administrator: Human
    status_page: str


def application_is_sent(place: Place) -> Applied:
    """The application with the order that appoints the administrator is handed in by the public page (REG-1)."""
    administrator = place.human(1, "Администраторова", "Алёна", "Игоревна")
    applicant = Walker("10.9.0.1")
    page = applicant.visit("registration:apply")
    form = page.form("inn", "region")
    values = {
        "kind": place.kind,
        "name": place.name,
        "short_name": place.short_name,
        "inn": inn_of(place),
        "region": place.region,
        "municipality": "Городской округ",
        "address": place.address,
        "last_name": administrator.last,
        "first_name": administrator.first,
        "patronymic": administrator.patronymic,
        "position": "Методист",
        "email": "applicant@example.org",
        "phone": administrator.phone,
        "agreed": "on",
    }
    assert values.keys() <= form.fields.keys(), sorted(form.fields)
    data = {name: value[0] for name, value in form.data().items()} | values
    order = SimpleUploadedFile("Приказ.pdf", ORDER, content_type="application/pdf")
    page = applicant.send(form.action or page.url, {**data, "order": order}, form.method)  # type: ignore[dict-item]
    assert page.status == 200, page.text[:600]
    assert page.says("Заявка", place.short_name), page.text[:600]
    return Applied(place, administrator, page.url)


def inn_of(place: Place) -> str:
    """Return a number of ten digits whose check digit is right."""
    nine = f"99{int(place.seed[1]) + 1}000000"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return nine + str(sum(int(digit) * weight for digit, weight in zip(nine, weights, strict=True)) % 11 % 10)


def organization_is_registered(applied: Applied) -> Scene:
    """The operator reviews the application and approves it: that makes the closed space (REG-2, REG-3, REG-7)."""
    place = applied.place
    User.objects.create_superuser(
        OPERATOR_PHONE, phone_verified_at=timezone.now(), rules_version=settings.RULES_VERSION
    )
    operator = Walker()
    operator.sign_in(OPERATOR_PHONE)
    application = Application.objects.get(short_name=place.short_name)
    page = operator.visit("admin:registration_application_change", application.pk)
    assert page.says(place.short_name, "Приказ.pdf")
    address = reverse("admin:registration_application_approve", args=[application.pk])
    page = operator.open(address)
    page = page.send(page.form("revision"))
    assert page.status == 200, page.text[:400]
    organization = Organization.objects.get(short_name=place.short_name)
    assert datetime.now(organization.zone).utcoffset() == timedelta(hours=place.utc_offset)
    assert Walker("10.9.0.1").open(applied.status_page).says("Одобрена")
    assert Message.objects.filter(recipient="applicant@example.org").exists()
    return Scene(place, organization, applied.administrator, Walker())


def status_is_confirmed(scene: Scene) -> None:
    """Staff who joined by the common link and are not on the roster wait as guests until the administrator confirms
    their status (INV-9)."""
    humans = list(scene.humans.values())
    for human in humans:
        waiting = scene.walkers[human.phone]
        assert waiting.look(f"/o/{scene.slug}/").status == 404, "a guest sees nothing of the organization"
        _accept(scene, human)
        assert waiting.open(f"/o/{scene.slug}/").says(scene.place.short_name)
        assert scene.roles_of(human) == {Role.TEACHER}
    assert scene.visit("orgs:person", scene.person(humans[0]).pk).says("Подтверждён")
    page = scene.visit("orgs:unit", scene.staff_unit.pk)
    assert page.says(*(human.last for human in humans))


def _accept(scene: Scene, human: Human) -> Page:
    request = JoinRequest.objects.get(
        organization=scene.organization, last_name=human.last, first_name=human.first, state=RequestState.PENDING
    )
    page = scene.visit("invitations:requests")
    assert page.says(human.last, human.first)
    address = reverse("invitations:request_accept", args=[scene.slug, request.pk])
    page = page.send(page.form(action=address))
    assert page.status == 200, page.text[:400]
    return page


def requests_are_accepted(scene: Scene) -> None:
    """Somebody registers alone, by the open page: a parent, or where pupils come themselves a pupil. The administrator
    finds the request and accepts it (INV-6)."""
    asking = scene.place.human(31, "Самостоятельная", "Софья", "Саввична")
    walker = scene.walkers[asking.phone] = Walker("10.9.1.1")
    welcome = walker.visit("invitations:apply", scene.slug)
    page = walker.sign_in(asking.phone, welcome.send(welcome.main_form))
    form = page.form("role", "last_name")
    names = {"last_name": asking.last, "first_name": asking.first, "patronymic": asking.patronymic}
    claim = {"role": "student"}
    if scene.place.kind == "kindergarten":
        child = scene.humans["other child"]
        claim = {"role": "parent", "child_name": f"{child.last} {child.first}"}
    else:
        scene.visit("orgs:unit_enrol", scene.first_unit.pk, part="student").submit({"names": asking.full_name})
    page = page.send(form, {**names, **claim, "unit": form.value_of("unit", scene.first_unit.name)})
    assert page.says("ждёт ответа", asking.last), page.text[:1200]
    assert walker.look(f"/o/{scene.slug}/").status == 404
    _accept(scene, asking)
    assert scene.person(asking).has_joined, "one row on the roster, the one that joined"
    assert walker.open(f"/o/{scene.slug}/").says(scene.place.short_name)


def movement_is_reported(scene: Scene) -> None:
    """The head reports that a teacher leaves; the administrator carries it out in one click (ORG-6)."""
    head = scene.walkers[scene.humans["head"].phone]
    leaving = scene.humans["second"]
    person = scene.person(leaving)
    page = head.visit("movement:notice_new", scene.slug, kind="dismiss", ids=str(person.pk))
    page = page.submit({"order_number": "7-к", "order_date": "2026-11-02", "remark": "По собственному желанию"})
    assert page.status == 200, page.text[:400]
    notice = Notice.objects.get(organization=scene.organization)
    assert scene.visit("orgs:home").says("сообщени")
    page = scene.visit("movement:notice", notice.pk)
    assert page.says(leaving.last, "7-к")
    address = reverse("movement:notice_carry_out", args=[scene.slug, notice.pk])
    page = page.send(page.form(action=address))
    assert page.status == 200, page.text[:400]
    assert scene.roles_of(leaving) == set()
    assert head.visit("movement:notice", scene.slug, notice.pk).says("проведено")


def pupil_joins_by_a_parents_email(scene: Scene) -> None:
    """A child without a phone joins with a code sent to a parent's e-mail (INV-7)."""
    email = "parent.of.pupil@example.org"
    walker = Walker("10.9.2.1")
    page = walker.open(path_of(scene.links["students"]))
    form = next(form for form in page.forms if any("почте родителя" in words for words, *_rest in form.buttons))
    page = page.send(form)
    page = page.submit({"email": email})
    letter = Message.objects.filter(recipient=email).latest("pk")
    page = page.submit({"code": open_secret(letter)})
    child = scene.humans["child"]
    form = page.form("last_name", "first_name")
    page = page.send(form, {"last_name": child.last, "first_name": child.first})
    assert page.status == 200, page.text[:400]
    person = scene.person(child)
    assert person.has_joined
    assert person.user is not None
    assert (person.user.phone, person.user.parent_email) == (None, email)
