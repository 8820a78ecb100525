"""What the templates share: icons, addresses with filters, pages, menus, notices."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from common.templatetags import ui
from scripts import trim_css
from tests.project.source import ROOT, assert_none, templates

SPRITE = ROOT / "sferum_admin" / "static" / "icons.svg"
ICON = re.compile(r"""{%\s*icon\s+["']([a-z0-9-]+)["']""")
# Names handed on to a component, in templates («icon_name="link"») and in Python («icon="users"»).
NAMED = re.compile(r"""(?:icon_name|action_icon)=["']([a-z0-9-]+)["']""")


def symbols() -> set[str]:
    return set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))


def rendered(source: str, address: str = "/", **context: Any) -> str:
    context["request"] = RequestFactory().get(address)
    return Template("{% load ui %}" + source).render(Context(context))


def test_every_icon_of_a_template_is_in_the_sprite() -> None:
    known = symbols()
    used = [(path, name) for path, text in templates().items() for name in (*ICON.findall(text), *NAMED.findall(text))]
    assert len(used) > 30
    assert_none([f"{path}: {name}" for path, name in used if name not in known])


def test_the_sprite_has_every_icon_once() -> None:
    names = re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8"))
    assert len(names) == len(set(names))


def test_every_component_says_what_it_takes() -> None:
    folder = "templates/components/"
    silent = [path for path, text in templates().items() if folder in path and not text.startswith("{% comment %}")]
    assert_none(silent)


def test_every_included_template_exists() -> None:
    wanted = {name for text in templates().values() for name in re.findall(r'{%\s*include "([^"]+)"', text)}
    assert wanted
    for name in sorted(wanted - {"django/forms/widgets/attrs.html", "django/forms/widgets/input.html"}):
        get_template(name)  # the widgets' own are found by the forms' renderer


def test_the_style_sheet_has_every_rule_that_pages_need() -> None:
    missing = trim_css.pieces(trim_css.build()) - trim_css.pieces(trim_css.TARGET.read_text(encoding="utf-8"))
    assert_none(f"run python scripts/trim_css.py for {rule[:100]}" for rule in sorted(missing))


def test_trimming_keeps_what_can_match() -> None:
    css = ".card{a:b}.chart,.card .row{c:d}.chart:not(.card){e:f}@media (x){.chart{g:h}.card{i:j}}p{k:l}@import 'm;n';"
    assert trim_css.pieces(trim_css.trimmed(css, {"card"})) == {
        ".card{a:b}",
        ".chart,.card .row{c:d}",
        "@media (x) .card{i:j}",
        "p{k:l}",
        "@import 'm;n'{}",
    }


@pytest.mark.parametrize("name", ["css/app.css", "js/app.js", "js/bulk.js", "js/theme.js", "icons.svg", "favicon.svg"])
def test_static_files_are_found(name: str) -> None:
    assert finders.find(name)


def test_an_icon_is_hidden_from_screen_readers() -> None:
    html = rendered('{% icon "users" "icon-lg" %}')
    assert 'aria-hidden="true"' in html
    assert "icons.svg#users" in html


@pytest.mark.parametrize(
    ("address", "tag", "query"),
    [
        ("/?role=teacher&page=3", "{% query page=4 %}", "?role=teacher&amp;page=4"),
        ("/?role=teacher&page=3", "{% query role='' page='' %}", "?"),
        ("/?q=а&unit=1&unit=2", "{% query page=2 %}", "?q=%D0%B0&amp;unit=1&amp;unit=2&amp;page=2"),
        ("/?role=teacher&page=3", "{% chip_query 'role' 'parent' %}", "?role=parent"),
        ("/?role=teacher&page=3", "{% chip_query 'role' '' %}", "?"),
    ],
)
def test_addresses_keep_the_other_filters(address: str, tag: str, query: str) -> None:
    assert rendered(tag, address) == query


def test_a_search_keeps_the_filters_and_goes_to_the_first_page() -> None:
    kept = ui.kept_parameters({"request": RequestFactory().get("/?q=a&role=t&unit=1&unit=2&page=9")}, "q")  # type: ignore[arg-type]
    assert kept == [("role", "t"), ("unit", "1"), ("unit", "2")]


@pytest.mark.parametrize(
    ("number", "last", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 13, [1, 2, 0, 13]),
        (3, 5, [1, 2, 3, 4, 5]),
        (7, 13, [1, 0, 6, 7, 8, 0, 13]),
        (4, 13, [1, 2, 3, 4, 5, 0, 13]),
        (13, 13, [1, 0, 12, 13]),
    ],
)
def test_page_numbers_leave_out_what_is_far(number: int, last: int, shown: list[int]) -> None:
    assert ui.page_numbers(Paginator(range(last), 1).get_page(number)) == shown


def test_pages_tell_the_count_and_keep_the_filters() -> None:
    page = Paginator(range(612), 50).get_page(2)
    request = RequestFactory().get("/?role=teacher&page=2")
    html = render_to_string("components/pagination.html", {"page_obj": page}, request)
    assert "51–100 из 612" in html
    assert 'href="?role=teacher&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_one_page_has_a_count_and_no_numbers() -> None:
    page = Paginator(range(7), 50).get_page(1)
    html = render_to_string("components/pagination.html", {"page_obj": page}, RequestFactory().get("/"))
    assert "1–7 из 7" in html
    assert "<nav" not in html


def entry(title: str, active: bool = False) -> SimpleNamespace:
    return SimpleNamespace(title=title, url="#", icon="home", is_active=active)


def test_a_phone_shows_at_most_five_entries() -> None:
    five = [entry(str(number)) for number in range(5)]
    assert ui.tab_entries(five, []) == {"shown": five, "hidden": [], "hidden_is_active": False}
    tabs = ui.tab_entries(five, [entry("more", active=True)])
    assert [item.title for item in tabs["shown"]] == ["0", "1", "2", "3", "4"]
    assert [item.title for item in tabs["hidden"]] == ["more"]
    assert tabs["hidden_is_active"]


def test_on_a_phone_a_long_menu_gives_its_last_place_to_the_rest() -> None:
    tabs = ui.tab_entries([entry(str(number)) for number in range(6)], [entry("more")])
    assert [item.title for item in tabs["shown"]] == ["0", "1", "2", "3"]
    assert [item.title for item in tabs["hidden"]] == ["4", "5", "more"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Иванова Анна Петровна", "ИА"),
        ("Школа № 44 г. Улан-Удэ", "44"),
        ("Школа № 1024", "Ш1"),
        ("МБДОУ «Детский сад»", "МД"),
        ("Ёлкин", "Ё"),
        ("", ""),
        ("— №", ""),
    ],
)
def test_initials_stand_for_a_name(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


def test_a_name_keeps_its_colour() -> None:
    assert ui.tone("Иванова") == ui.tone("Иванова")
    assert {ui.tone(f"Имя {number}") for number in range(60)} == set(range(6))


def notices_of(*messages: Message) -> str:
    request = RequestFactory().get("/")
    return render_to_string("components/messages.html", {"messages": messages}, request)


def test_a_notice_may_offer_to_undo() -> None:
    html = notices_of(Message(constants.SUCCESS, "Класс 5А в архиве.", extra_tags="undo:/o/a/undo/1/"))
    assert "Класс 5А в архиве." in html
    assert 'method="post" action="/o/a/undo/1/"' in html
    assert "Отменить" in html
    assert "csrfmiddlewaretoken" in html


def test_a_notice_without_a_way_back_has_no_button() -> None:
    html = notices_of(Message(constants.ERROR, "<b>Не вышло</b>"))
    assert "<form" not in html
    assert "&lt;b&gt;Не вышло" in html
    assert 'role="status"' in html


def test_a_question_says_what_will_happen_and_where_back_is() -> None:
    html = render_to_string(
        "components/confirm.html",
        {"text": "Будут отозваны 14 ссылок.", "action_label": "Отозвать", "back_url": "/back/", "danger": True},
        RequestFactory().get("/"),
    )
    assert "Будут отозваны 14 ссылок." in html
    assert 'href="/back/"' in html
    assert "btn-danger" in html


def test_the_bar_of_bulk_actions_counts_in_russian() -> None:
    html = render_to_string("components/bulk_bar.html", {"actions": [{"value": "go", "title": "Пригласить"}]})
    assert 'data-one="Выбран {n}"' in html
    assert 'data-few="Выбрано {n}"' in html
    assert 'name="action" value="go"' in html


def test_a_chip_that_is_on_leads_to_the_list_without_it() -> None:
    chips = [{"title": "Учителя", "value": "t", "is_active": True, "count": 0}, {"title": "Родители", "value": "p"}]
    html = render_to_string(
        "components/chips.html", {"chips": chips, "name": "role"}, RequestFactory().get("/?role=t&q=а")
    )
    on, off = re.findall(r'class="chip" href="([^"]*)"', html)
    assert on == "?q=%D0%B0"
    assert off == "?role=p&amp;q=%D0%B0"
    assert html.count("aria-current") == 1
    assert ">0</span>" in html
