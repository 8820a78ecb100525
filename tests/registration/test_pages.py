"""The applicant's pages as people see them (REG-1, REG-2)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from orgs.models import Organization
from outbox.models import Message
from registration.models import Application, OrderFile, State
from registration.services import deciding
from registration.tokens import make_token, status_path
from tests.files.samples import upload_of
from tests.orgs.pages import words
from tests.registration.cast import DATA, PDF, application, approved, returned, typed
from tests.world import World

pytestmark = [pytest.mark.req("REG-1", "REG-2"), pytest.mark.django_db]
APPLY = "/register/"


@pytest.fixture
def client() -> Client:
    return Client()


def see(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return words(response)


def errors_of(response: HttpResponse) -> list[str]:
    assert response.status_code == 422
    return sorted(response.context["form"].errors)


# --- Applying ---------------------------------------------------------------------------------------------------------
def test_the_form_says_what_is_needed(client: Client) -> None:
    page = see(client, APPLY)
    assert "Понадобятся ИНН и приказ о назначении администратора" in page
    assert "Республика Саха (Якутия)" in page
    assert "Зарегистрировать организацию" in see(client, reverse("account_login"))
    assert not client.session.keys()


def test_an_application_is_sent_and_its_page_shown(client: Client) -> None:
    response = client.post(APPLY, typed(), follow=True)
    made = Application.objects.get()
    assert response.redirect_chain == [(status_path(made.pk), 302)]
    page = words(response)
    assert f"Заявка № {made.pk}" in page
    assert "Заявка ждёт оператора платформы. Ответ придёт на orehova@example.org" in page
    assert "приказ.pdf" in page
    assert (made.phone, made.inn, made.rules_version) == ("+79121234567", "7701000001", "2026-11-01")
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"inn": "7701000002"}, "inn"),
        ({"phone": "12"}, "phone"),
        ({"email": "почта"}, "email"),
        ({"region": "Атлантида"}, "region"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"kind": "bank"}, "kind"),
        ({"site": "javascript:alert(1)"}, "site"),
        ({"municipality": "\u200b"}, "municipality"),
        ({"agreed": ""}, "agreed"),
        ({"fax": "+1"}, "fax"),
        ({"order": upload_of(b"MZ" + bytes(99), "приказ.pdf")}, "order"),
        ({"order": upload_of(b"", "приказ.pdf")}, "order"),
        ({"order": upload_of(PDF + b"0" * (10 << 20), "приказ.pdf")}, "order"),
        ({"name": "х" * 401}, "name"),
    ],
)
def test_mistakes_stand_at_their_fields_and_nothing_typed_is_lost(
    client: Client, change: dict[str, Any], field: str
) -> None:
    response = client.post(APPLY, typed(**change))
    assert errors_of(response) == [field]
    assert not Application.objects.exists()
    form = response.context["form"]
    kept = {name: form[name].value() for name in DATA if name not in change}
    assert kept == {name: typed()[name] for name in DATA if name not in change}


def test_an_order_is_chosen_once(client: Client) -> None:
    wrong = client.post(APPLY, typed(inn="1"))
    assert "приказ.pdf" in words(wrong)
    assert "уже здесь" in words(client.get(APPLY)) or "приказ.pdf" in words(client.get(APPLY))
    sent = typed()
    del sent["order"]
    assert client.post(APPLY, sent).status_code == 302
    assert Application.objects.get().order.original_name == "приказ.pdf"
    assert OrderFile.objects.count() == 1


def test_another_order_takes_the_place_of_the_kept_one(client: Client) -> None:
    client.post(APPLY, typed(inn="1"))
    client.post(APPLY, typed(inn="1", order=upload_of(PDF, "верный.pdf")))
    assert [row.original_name for row in OrderFile.objects.all()] == ["верный.pdf"]
    stranger = words(Client().get(APPLY))
    assert "верный.pdf" not in stranger


def test_without_an_order_nothing_is_sent(client: Client) -> None:
    sent = typed()
    del sent["order"]
    assert errors_of(client.post(APPLY, sent)) == ["order"]


def test_a_double_click_leads_to_the_same_page(client: Client) -> None:
    sent = typed()
    first = client.post(APPLY, sent)
    sent["order"] = upload_of(PDF, "приказ.pdf")
    assert client.post(APPLY, sent).headers["Location"] == first.headers["Location"]
    assert Application.objects.count() == 1
    again = client.post(APPLY, typed(attempt="nonsense"))
    assert again.status_code == 302
    assert Application.objects.count() == 2


@pytest.mark.req("ACC-2")
def test_the_page_does_not_tell_who_is_known(world: World, client: Client) -> None:
    Organization.objects.filter(pk=world.a.organization.pk).update(inn="7701000001")
    known = client.post(APPLY, typed(phone=str(world.a.user("head").phone), email="a@example.org"), follow=True)
    unknown = Client().post(APPLY, typed(phone="+79129999999", email="b@example.org", inn="5401000007"), follow=True)
    assert [response.status_code for response in (known, unknown)] == [200, 200]

    def shape(response: HttpResponse) -> str:
        return re.sub(r"\d|a@example.org|b@example.org", "", words(response))

    assert shape(known) == shape(unknown)


def test_too_many_are_refused_in_the_same_words(client: Client, settings: Any) -> None:
    settings.APPLICATIONS_PER_CONTACT_PER_DAY = 1
    assert client.post(APPLY, typed()).status_code == 302
    said = set()
    for change in (
        {"phone": "+79129999999", "email": "b@example.org"},
        {"inn": "5401000007", "email": "c@example.org"},
        {"inn": "5401000014", "phone": "+79129999998"},
    ):
        response = client.post(APPLY, typed(**change))
        assert response.status_code == 422
        said.add(tuple(response.context["form"].non_field_errors()))
        OrderFile.objects.filter(application=None).delete()
    assert len(said) == 1
    assert Application.objects.count() == 1


def test_one_network_does_not_flood(client: Client, settings: Any) -> None:
    settings.APPLICATIONS_PER_ADDRESS_PER_HOUR = 1
    client.post(APPLY, typed())
    assert client.post(APPLY, typed(inn="5401000007", phone="+79120000001", email="x@example.org")).status_code == 422
    settings.ORDERS_PER_ADDRESS_PER_HOUR = 2
    assert errors_of(client.post(APPLY, typed(inn="5401000007"))) == ["order"]


# --- The page of an application ---------------------------------------------------------------------------------------
def test_an_application_opens_by_its_address_only(client: Client, settings: Any) -> None:
    made = application()
    for number in (str(made.pk), f"{made.pk}-aaaa", make_token(made.pk + 1)):
        assert client.get(reverse("registration:status", args=[number])).status_code == 404
    settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR = 1
    for name in ("status", "withdraw", "order"):
        assert client.get(reverse(f"registration:{name}", args=["1-x"])).status_code == 429
    assert client.get(status_path(made.pk)).status_code == 200


def test_remarks_stand_on_top_and_at_their_fields(world: World, client: Client) -> None:
    made = returned(world, "Адрес не тот", ["address"])
    page = see(client, status_path(made.pk))
    assert "Исправьте заявку Адрес не тот" in page
    assert page.count("Оператор просит это исправить.") == 1
    assert "Сейчас приложен: приказ.pdf" in page


def test_the_same_application_is_corrected(world: World, client: Client) -> None:
    made = returned(world)
    address = status_path(made.pk)
    sent = typed(revision=made.revision, address="ул. Полевая, д. 1", order=upload_of(PDF, "верный.pdf"))
    wrong = client.post(address, {**sent, "inn": "1"})
    assert errors_of(wrong) == ["inn"]
    assert "верный.pdf" in words(wrong)
    del sent["order"]
    page = words(client.post(address, sent, follow=True))
    assert "Заявка отправлена снова." in page
    assert "Заявка ждёт оператора" in page
    made.refresh_from_db()
    assert (made.state, made.address, made.order.original_name) == (
        State.SUBMITTED,
        "ул. Полевая, д. 1",
        "верный.pdf",
    )
    assert Application.objects.count() == 1


def test_what_changed_meanwhile_is_not_overwritten(world: World, client: Client) -> None:
    made = returned(world)
    deciding.reject(operator=world.operator, application=made, revision=made.revision, text="Это не школа")
    late = client.post(status_path(made.pk), typed(revision=made.revision))
    assert late.status_code == 422
    assert "Заявка тем временем изменилась" in words(late)
    assert "Заявка отклонена Это не школа" in see(client, status_path(made.pk))


@pytest.mark.req("REG-4")
def test_an_approved_one_says_how_to_sign_in(world: World, client: Client) -> None:
    made = approved(world)
    page = see(client, status_path(made.pk))
    assert "Орехова Ольга Олеговна входит по номеру из заявки, +7 912 123-45-67" in page
    assert "Отозвать заявку" not in page
    assert "одобрена" in page.lower()


def test_withdrawing_is_asked_about(client: Client) -> None:
    made = application()
    address = reverse("registration:withdraw", args=[make_token(made.pk)])
    assert "придётся подать новую" in see(client, address)
    assert "Вы отозвали заявку" in words(client.post(address, {"revision": made.revision}, follow=True))
    assert client.get(address).status_code == 302
    assert Application.objects.get().state == State.WITHDRAWN


def test_withdrawing_what_has_changed_is_refused(world: World, client: Client) -> None:
    made = returned(world)
    address = reverse("registration:withdraw", args=[make_token(made.pk)])
    assert "тем временем изменилась" in words(client.post(address, {"revision": 1}, follow=True))
    assert client.post(address, {"revision": "x" * 30}).status_code == 302
    assert Application.objects.get().state == State.RETURNED


def test_the_order_is_saved_and_never_shown(client: Client) -> None:
    made = application()
    response = client.get(reverse("registration:order", args=[make_token(made.pk)]))
    assert response.content == PDF
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    made.order.content.storage.delete(made.order.content.name)
    assert client.get(reverse("registration:order", args=[make_token(made.pk)])).status_code == 404


def test_markup_in_remarks_stays_text(world: World, client: Client) -> None:
    made = returned(world, "<script>alert(1)</script>")
    page = client.get(status_path(made.pk)).content.decode()
    assert "<script>alert" not in page
    assert Message.objects.filter(template="application_returned").exists()
