"""What went wrong is told kindly on pages and in one shape in the API."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template import engines
from django.test import RequestFactory
from rest_framework import exceptions

from common import api, errors_pages
from common.errors import DomainError, require
from common.middleware import ErrorMiddleware


@pytest.fixture
def request_to_page(rf: RequestFactory) -> object:
    return rf.get("/o/school/people/", headers={"referer": "http://testserver/o/school/"})


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        ("bad_request", 400, "Не удалось разобрать запрос"),
        ("permission_denied", 403, "Ничего не изменилось"),
        ("page_not_found", 404, "Такой страницы нет"),
        ("csrf_failure", 403, "Страница устарела"),
        ("too_many_requests", 429, "Слишком много попыток"),
        ("server_error", 500, "Вы ни при чём"),
        ("unavailable", 503, "запускается заново"),
    ],
)
def test_error_pages_speak_russian_and_lead_on(rf: RequestFactory, view: str, status: int, words: str) -> None:
    response = getattr(errors_pages, view)(rf.get("/"))
    html = response.content.decode()
    assert response.status_code == status
    assert words in html
    assert 'lang="ru"' in html
    assert 'href="/"' in html


def test_the_page_of_a_breakdown_needs_neither_database_nor_context(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> dict[str, object]:
        raise RuntimeError

    engine = engines["django"].engine  # type: ignore[attr-defined]
    monkeypatch.setattr(type(engine), "template_context_processors", [broken])
    assert errors_pages.server_error(rf.get("/")).status_code == 500


def test_an_unknown_address_is_answered_with_the_kind_page(client: object) -> None:
    response = client.get("/there-is-nothing-here/")  # type: ignore[attr-defined]
    assert response.status_code == 404
    assert "Такой страницы нет" in response.content.decode()


def test_a_refusal_tells_its_reason_and_the_way_back(rf: RequestFactory) -> None:
    request = rf.post("/o/school/people/1/", headers={"referer": "http://testserver/o/school/people/"})
    response = ErrorMiddleware(lambda _: None).process_exception(  # type: ignore[arg-type, return-value]
        request, DomainError("last", "Последнего администратора снять нельзя.", status=409)
    )
    assert response is not None
    assert response.status_code == 409
    html = response.content.decode()
    assert "Последнего администратора снять нельзя." in html
    assert 'href="http://testserver/o/school/people/"' in html


def test_a_refusal_never_leads_to_a_foreign_page(rf: RequestFactory) -> None:
    request = rf.post("/", headers={"referer": "https://evil.example/"})
    html = errors_pages.domain_error(request, DomainError("x", "Нет.")).content.decode()
    assert "evil.example" not in html
    assert 'href="/"' in html


def test_other_exceptions_go_on(rf: RequestFactory) -> None:
    middleware = ErrorMiddleware(lambda _: None)  # type: ignore[arg-type, return-value]
    assert middleware.process_exception(rf.get("/"), ValueError()) is None


def test_what_is_not_allowed_is_forbidden() -> None:
    require(True)
    with pytest.raises(PermissionDenied):
        require(False)


@pytest.mark.req("INT-1")
@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (DomainError("used_up", "Ссылка исчерпана.", status=410), 410, "used_up"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "forbidden"),
        (exceptions.ValidationError({"name": ["Пусто."]}), 400, "invalid"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.Throttled(wait=7), 429, "throttled"),
        (exceptions.ParseError(), 400, "parse_error"),
    ],
)
def test_errors_of_the_api_have_one_shape(error: Exception, status: int, code: str) -> None:
    response = api.exception_handler(error, {})
    assert response is not None
    assert response.status_code == status
    assert set(response.data) == {"code", "message", "fields"}
    assert response.data["code"] == code
    assert response.data["message"]


def test_fields_of_the_api_carry_sentences() -> None:
    refusal = api.exception_handler(DomainError("taken", "Занято.", fields={"phone": "Этот номер занят."}), {})
    nested = api.exception_handler(exceptions.ValidationError({"units": [{"name": ["Пусто."]}], "a": "Нет."}), {})
    plain = api.exception_handler(exceptions.ValidationError("Так нельзя."), {})
    assert refusal is not None
    assert nested is not None
    assert plain is not None
    assert refusal.data["fields"] == {"phone": ["Этот номер занят."]}
    assert nested.data["fields"] == {"units": ["name: Пусто."], "a": ["Нет."]}
    assert plain.data["fields"] == {"non_field_errors": ["Так нельзя."]}


def test_a_client_learns_when_to_come_back() -> None:
    response = api.exception_handler(exceptions.Throttled(wait=7), {})
    assert response is not None
    assert response["Retry-After"] == "7"


def test_unknown_errors_are_not_swallowed() -> None:
    assert api.exception_handler(ValueError("x"), {}) is None
