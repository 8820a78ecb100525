"""Forms: each control has its name, its hint and its error where a screen reader finds them."""

import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.template.loader import render_to_string

from common.forms import CodeInput, DateInput, Form, PhoneInput


class Elements(HTMLParser):
    """The elements of a fragment: (tag, attributes)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> dict[str, str | None]:
        """The attributes of the control called `name`."""
        return next(attrs for _tag, attrs in self.found if attrs.get("name") == name)

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] for _tag, attrs in self.found if attrs.get("id")]


class Newcomer(Form):
    name = forms.CharField(label="Имя", help_text="Как в документе.")
    phone = forms.CharField(label="Телефон", widget=PhoneInput(), required=False)
    role = forms.ChoiceField(label="Роль", choices=[("teacher", "учитель"), ("parent", "родитель")])
    way = forms.ChoiceField(label="Как позвать", choices=[("a", "Ссылкой"), ("b", "Кодом")], widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(
        label="Классы", choices=[("1", "5А"), ("2", "5Б")], widget=forms.CheckboxSelectMultiple, required=False
    )
    born = forms.DateField(label="Родился", widget=DateInput(), required=False)
    agree = forms.BooleanField(label="Согласие")
    remind = forms.BooleanField(label="Напоминать", required=False)
    code = forms.CharField(label="Код", widget=CodeInput(), required=False)
    note = forms.CharField(label="Примечание", widget=forms.Textarea, required=False)
    photo = forms.FileField(label="Снимок", required=False)
    source = forms.CharField(widget=forms.HiddenInput, required=False)


def test_every_control_has_a_label() -> None:
    elements = Elements(str(Newcomer()))
    labelled = {attrs.get("for") for tag, attrs in elements.found if tag == "label"}
    controls = [
        attrs
        for tag, attrs in elements.found
        if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden"
    ]
    assert len(controls) == 13
    assert {attrs["id"] for attrs in controls} <= labelled


def test_ids_are_unique_and_descriptions_exist() -> None:
    elements = Elements(str(Newcomer({})))
    assert len(elements.ids) == len(set(elements.ids))
    described = " ".join(attrs.get("aria-describedby") or "" for _tag, attrs in elements.found).split()
    assert described
    assert set(described) <= set(elements.ids)


def test_an_error_stands_at_its_field_and_in_the_summary() -> None:
    html = str(Newcomer({"name": "", "way": ""}))
    control = Elements(html).named("name")
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == "id_name_helptext id_name_error"
    assert "is-invalid" in str(control["class"])
    assert re.search(r'<a href="#id_name">Имя: Обязательное поле', html)
    assert 'role="alert"' in html


def test_lines_of_the_summary_lead_to_what_exists() -> None:
    html = str(Newcomer({}))
    targets = re.findall(r'href="#([^"]+)"', html)
    assert len(targets) == 4  # name, role, way, agree
    assert set(targets) <= set(Elements(html).ids)


def test_what_was_typed_stays() -> None:
    html = str(Newcomer({"name": "", "phone": "+7 900", "units": ["2"], "note": "звонить вечером"}))
    assert Elements(html).named("phone")["value"] == "+7 900"
    assert "звонить вечером" in html
    checked = [attrs["value"] for _tag, attrs in Elements(html).found if "checked" in attrs]
    assert checked == ["2"]


def test_a_group_of_choices_is_a_fieldset_with_its_question() -> None:
    html = str(Newcomer({})["way"].as_field_group())
    assert re.search(r'<fieldset id="id_way_group" aria-describedby="id_way_error">\s*<legend>Как позвать', html)


@pytest.mark.parametrize(
    ("name", "css_class"),
    [
        ("name", "form-control"),
        ("role", "form-select"),
        ("way", "form-check-input"),
        ("units", "form-check-input"),
        ("agree", "form-check-input"),
        ("note", "form-control"),
        ("photo", "form-control"),
        ("code", "code-input form-control"),
    ],
)
def test_controls_get_the_class_of_their_kind_once(name: str, css_class: str) -> None:
    form = Newcomer()
    str(form)
    assert Elements(str(form)).named(name)["class"] == css_class


def test_forms_of_other_packages_are_dressed_too() -> None:
    class Foreign(forms.Form):
        phone = forms.CharField(label="Телефон")

    assert Elements(str(Foreign())).named("phone")["class"] == "form-control"


def test_only_what_is_not_required_is_marked() -> None:
    html = str(Newcomer())
    assert re.search(r">Имя\s*</label>", html)
    assert "Телефон <span" in html
    assert "(не обязательно)" in html


def test_a_date_travels_as_iso_whatever_the_language() -> None:
    html = str(Newcomer({"born": "2010-09-15"})["born"])
    assert 'type="date"' in html
    assert 'value="2010-09-15"' in html


def test_a_phone_gets_the_right_keyboard() -> None:
    elements = Elements(str(Newcomer()))
    assert elements.named("phone")["type"] == "tel"
    assert elements.named("code")["inputmode"] == "numeric"
    assert elements.named("code")["autocomplete"] == "one-time-code"


def test_an_error_of_the_whole_form_is_told() -> None:
    form = Newcomer({"name": "Анна", "role": "parent", "way": "a", "agree": "on"})
    form.add_error(None, "Такой человек уже есть.")
    assert "<li>Такой человек уже есть.</li>" in render_to_string("forms/errors.html", {"form": form})


def test_hidden_fields_have_no_label() -> None:
    html = str(Newcomer())
    assert html.count('type="hidden"') == 1
    assert "id_source_" not in html
