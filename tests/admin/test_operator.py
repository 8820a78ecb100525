"""The operator's tool: who comes in, what is found, how an organization comes to be."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from invitations.models import Invitation
from invitations.services import LinkTerms, create_links
from orgs.actor import load_actor
from orgs.models import AuditEvent, Organization, Person
from orgs.selectors.rights import held_rights
from orgs.services.people import PersonData, add_person
from tests.world import World

Browse = Callable[[User | None], Client]

OURS = [model for model in admin.site._registry if model._meta.app_label in {"orgs", "invitations", "files", "chats"}]


def address(model: type, page: str = "changelist", *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def operator(world: World, browse: Browse) -> Client:
    return browse(world.operator)


@pytest.mark.req("REG-3", "ACC-4")
def test_only_operators_come_in(world: World, browse: Browse) -> None:
    stranger = browse(None).get("/admin/orgs/person/", follow=True)
    assert stranger.redirect_chain[-1][0].startswith(reverse("account_login"))
    for who in ("administrator", "head", "student"):
        assert browse(world.a.user(who)).get("/admin/orgs/person/", follow=True).status_code == 403


@pytest.fixture
def links(world: World) -> list[Invitation]:
    made = []
    for school in (world.a, world.b):
        units = [school.units["5А"], school.units["5Б"]]
        terms = LinkTerms()
        made += create_links(actor=school.actor("administrator"), units=units, role="parent", terms=terms)
    return made


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_lists_take_as_many_queries_for_many_rows(
    world: World, operator: Client, links: list[Invitation], model: type, django_assert_max_num_queries: Callable
) -> None:
    # Session, user, rows, count; a few more for filters. What matters: fewer than there are rows.
    with django_assert_max_num_queries(7):
        page = operator.get(address(model))
    assert page.status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_each_row_opens_and_every_list_is_searched(
    world: World, operator: Client, links: list[Invitation], model: type
) -> None:
    assert operator.get(address(model), {"q": "ничего такого"}).status_code == 200
    first = model._default_manager.first()
    if first is not None:
        assert operator.get(address(model, "change", first.pk)).status_code == 200
        assert operator.post(address(model, "delete", first.pk)).status_code == 403


@pytest.mark.parametrize(
    ("model", "term"),
    [
        ("orgs_person", "ежиков ПЕТР"),
        ("orgs_roleassignment", "УЧЕНЫЙ"),
        ("orgs_enrolment", "ёжиков"),
        ("orgs_guardianship", "ежикова"),
        ("orgs_unit", "5а"),
        ("orgs_organization", "школа № 1"),
        ("orgs_auditevent", "ёЖиКоВ пётр"),
        ("invitations_invitation", "5А админова"),
    ],
)
def test_search_knows_neither_case_nor_yo(
    world: World, operator: Client, links: list[Invitation], model: str, term: str
) -> None:
    page = operator.get(reverse(f"admin:{model}_changelist"), {"q": term})
    shown = page.context["cl"].result_count
    assert shown > 0
    assert operator.get(reverse(f"admin:{model}_changelist")).context["cl"].result_count > shown


@pytest.mark.req("ACC-4")
def test_two_schools_are_told_apart(world: World, operator: Client) -> None:
    page = operator.get("/admin/orgs/unit/", {"q": "5а"})
    assert [unit.organization.slug for unit in page.context["cl"].result_list] == ["a", "b"]
    assert operator.get("/admin/orgs/person/", {"q": "b"}).context["cl"].result_count == len(
        Person.objects.filter(organization__slug="b")
    )


@pytest.mark.req("ORG-12")
def test_the_journal_can_only_be_read(world: World, operator: Client) -> None:
    event = AuditEvent.objects.first()
    assert operator.post(address(AuditEvent, "change", event.pk), {"action": "x"}).status_code == 403
    assert operator.get(address(AuditEvent, "add")).status_code == 403
    assert "delete_selected" not in operator.get(address(AuditEvent)).content.decode()


NEW = {
    "kind": "kindergarten",
    "name": "Детский сад № 7 «Солнышко»",
    "short_name": "Солнышко",
    "slug": "",
    "region": "Республика Бурятия",
    "address": "г. Улан-Удэ",
    "time_zone": "Asia/Irkutsk",
    "last_name": "Дашиева",
    "first_name": "Дарима",
    "patronymic": "Доржиевна",
    "phone": "8 914 345-67-89",
}


@pytest.mark.req("REG-3", "REG-4", "REG-7", "ORG-2")
def test_an_organization_comes_to_be_with_its_administrator(world: World, operator: Client) -> None:
    answer = operator.post("/admin/orgs/organization/add/", NEW)
    assert answer.status_code == 302
    made = Organization.objects.get(short_name="Солнышко")
    assert (made.slug, made.time_zone, made.kind) == ("solnyshko", "Asia/Irkutsk", "kindergarten")
    user = User.objects.get(phone="+79143456789")
    actor = load_actor(user.pk, "solnyshko")
    assert actor is not None
    assert actor.is_administrator
    assert actor.person.full_name == "Дашиева Дарима Доржиевна"
    assert made.units.count() == 1
    assert AuditEvent.objects.filter(organization_id=made.pk, action="organization.created").exists()


@pytest.mark.req("REG-3")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"slug": "a"}, "slug"),
        ({"slug": "с кириллицей"}, "slug"),
        ({"last_name": "\u200b"}, "last_name"),
        ({"short_name": ""}, "short_name"),
        ({"time_zone": "Луна"}, "time_zone"),
        ({"kind": "зоопарк"}, "kind"),
    ],
)
def test_mistakes_stand_at_their_fields(world: World, operator: Client, change: dict[str, str], field: str) -> None:
    before = Organization.objects.count()
    answer = operator.post("/admin/orgs/organization/add/", {**NEW, **change})
    assert list(answer.context["adminform"].form.errors) == [field]
    assert Organization.objects.count() == before


@pytest.mark.req("REG-3")
def test_nobody_else_makes_organizations(world: World, browse: Browse) -> None:
    assert browse(world.a.user("administrator")).post("/admin/orgs/organization/add/", NEW).status_code in (302, 403)
    assert not Organization.objects.filter(short_name="Солнышко").exists()


@pytest.mark.req("ACC-4")
def test_rights_are_granted_by_the_operator_through_the_service(world: World, operator: Client) -> None:
    unit, teacher = world.a.units["5А"], world.a.people["teacher"]
    assert operator.get(f"/admin/orgs/unit/{unit.pk}/permissions/").status_code == 200
    page = f"/admin/orgs/unit/{unit.pk}/permissions/user-manage/{teacher.user_id}/"
    assert b"delete_unit" not in operator.get(page).content
    assert operator.post(page, {"permissions": ["invite_into_unit"]}).status_code == 302
    assert [(right.person.pk, right.unit) for right in held_rights(world.a.organization.pk)] == [(teacher.pk, unit)]
    assert AuditEvent.objects.latest("id").action == "right.granted"
    operator.post(page, {"permissions": [], "submit": "1"})
    assert held_rights(world.a.organization.pk) == []
    assert AuditEvent.objects.latest("id").action == "right.revoked"


@pytest.mark.req("ACC-4")
def test_a_stranger_gets_no_right(world: World, operator: Client) -> None:
    stranger = world.b.people["teacher"].user_id
    page = f"/admin/orgs/unit/{world.a.units['5А'].pk}/permissions/user-manage/{stranger}/"
    assert operator.post(page, {"permissions": ["invite_into_unit"]}).status_code == 200
    assert held_rights(world.a.organization.pk) == []


@pytest.mark.req("ACC-7")
def test_the_policy_lets_the_admin_evaluate_but_not_run_inline_scripts(world: World, operator: Client) -> None:
    inside = operator.get("/admin/").headers["Content-Security-Policy"]
    script = next(part for part in inside.split(";") if part.strip().startswith("script-src"))
    assert "'unsafe-eval'" in script
    assert "unsafe-inline" not in script
    outside = operator.get("/signin/").headers["Content-Security-Policy"]
    assert "unsafe-eval" not in outside


@pytest.mark.req("INV-11")
def test_no_token_is_shown(world: World, operator: Client, links: list[Invitation]) -> None:
    from invitations.addresses import code_of, token_of

    page = operator.get(address(Invitation, "change", links[0].pk)).content.decode()
    assert token_of(links[0]) not in page
    assert code_of(links[0]) not in page


def test_many_people_take_no_more_queries(world: World, operator: Client, django_assert_num_queries: Callable) -> None:
    operator.get(address(Person))
    with django_assert_num_queries(COUNT_OF_PEOPLE_LIST):
        operator.get(address(Person))
    for number in range(60):
        data = PersonData("Много", f"Номер{number}")
        add_person(organization=world.a.organization, actor=None, data=data, roles=["parent"])
    with django_assert_num_queries(COUNT_OF_PEOPLE_LIST):
        operator.get(address(Person))


# Session, user, how many, the rows; how many applications and requests for help wait, for the menu.
COUNT_OF_PEOPLE_LIST = 6
