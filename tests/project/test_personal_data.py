"""Every table says what it holds about people, why and for how long; the documents made of it are up to date."""

from __future__ import annotations

import inspect

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Model

from accounts.models import User
from common import personal_data
from common.personal_data import Held, Nothing, Term, declared, terms
from orgs.models import Person
from sferum_admin.register_papers import papers

pytestmark = pytest.mark.req("ACC-2")

# What may hold anything at all; a field of choices, a number or a moment says nothing by itself.
FREE = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
)
PEOPLE = (User, Person)


def tables() -> dict[str, type[Model]]:
    return {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}


def to_speak_of(model: type[Model]) -> set[str]:
    """The fields of `model` that must stand in its declaration."""
    found = set()
    for field in model._meta.concrete_fields:
        is_free = isinstance(field, FREE) and not field.choices
        if is_free or (field.is_relation and field.related_model in PEOPLE):
            found.add(field.name)
    return found


def mistakes(model: type[Model], table: Held | Nothing) -> list[str]:
    """What is wrong with what `table` says about `model`."""
    names = {field.name for field in model._meta.concrete_fields}
    personal = set(table.personal) if isinstance(table, Held) else set()
    said = personal | set(table.plain)
    found = [f"no word about {name}" for name in sorted(to_speak_of(model) - said)]
    found += [f"there is no {name}" for name in sorted(said - names)]
    found += [f"{name} is both personal and plain" for name in sorted(personal & set(table.plain))]
    if isinstance(table, Held) and not table.kept and not table.ends:
        found.append("no word how long")
    if isinstance(table, Held):
        found += mistakes_of_owners(model, table)
    found += [mistake for term in table.ends for mistake in mistakes_of_term(term)]
    return found


def mistakes_of_owners(model: type[Model], table: Held) -> list[str]:
    found = [f"{owner} leads to no user" for owner in table.owners if target_of(model, owner) is not User]
    found += [f"{name} is withheld, but not personal" for name in set(table.withheld) - set(table.personal)]
    if not table.owners:
        return found
    # Somebody else's name must not go out with the owner's data.
    own = {owner.split("__")[0] for owner in table.owners}
    for name in set(table.personal) - own - set(table.withheld):
        if model._meta.get_field(name).related_model in PEOPLE:
            found.append(f"{name} is about somebody else than the owner and is not withheld")
    return found


def target_of(model: type[Model], lookup: str) -> type[Model] | None:
    if lookup == "pk":
        return model
    current: type[Model] = model
    for part in lookup.split("__"):
        try:
            related = current._meta.get_field(part).related_model
        except FieldDoesNotExist:
            return None
        if related is None or isinstance(related, str):
            return None
        current = related
    return current


def mistakes_of_term(term: Term) -> list[str]:
    found = []
    if term.job not in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}:
        found.append(f"no job {term.job} in the schedule")
    if term.job not in current_app.tasks:
        found.append(f"no task {term.job}")
    if term.setting and not isinstance(getattr(settings, term.setting, None), int):
        found.append(f"no setting {term.setting} in days")
    if not term.setting and not term.when:
        found.append(f"«{term.what}» does not say when")
    return found


def test_every_table_is_spoken_about_and_no_other() -> None:
    missing = sorted(set(tables()) - set(declared()))
    unknown = sorted(set(declared()) - set(tables()))
    assert (missing, unknown) == ([], []), "write them into personal_data.py of their app (common/personal_data.py)"


@pytest.fixture(scope="module", autouse=True)
def _tasks() -> None:
    current_app.loader.import_default_modules()


def test_what_is_said_about_each_table_is_true() -> None:
    known = tables()
    wrong = {name: found for name, table in declared().items() if (found := mistakes(known[name], table))}
    assert wrong == {}


def test_every_end_is_brought_by_a_job_of_the_schedule() -> None:
    wrong = {str(term.what): found for term in terms() if (found := mistakes_of_term(term))}
    assert wrong == {}


def test_every_setting_of_a_duration_is_named_by_an_end() -> None:
    named = {term.setting for term in terms()}
    kept = {name for name in dir(settings) if name.startswith("KEEP_") and name.endswith("_DAYS")}
    assert kept - named == set()


def test_the_documents_are_up_to_date() -> None:
    old = [path.name for path, text in papers().items() if path.read_text(encoding="utf-8") != text]
    assert old == [], "run: manage.py write_personal_data_register"


class TestTheTestItself:
    """It would be worth nothing if it let mistakes pass."""

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"personal": ("user",), "plain": ("prefix", "key_hash")}, "no word about name"),
            ({"plain": ("prefix", "key_hash", "colour")}, "there is no colour"),
            ({"plain": ("prefix", "key_hash", "name")}, "name is both personal and plain"),
            ({"owners": ("name",)}, "name leads to no user"),
            ({"owners": ("owner__user",)}, "owner__user leads to no user"),
            ({"owners": ("pk",)}, "pk leads to no user"),
            ({"withheld": ("prefix",)}, "prefix is withheld, but not personal"),
            (
                {"ends": (Term("keys", "accounts.tasks.burn", when="soon"),)},
                "no job accounts.tasks.burn in the schedule",
            ),
            (
                {"ends": (Term("keys", "accounts.tasks.clear_sessions", "KEEP_NOTHING_DAYS"),)},
                "no setting KEEP_NOTHING_DAYS in days",
            ),
            ({"kept": ""}, "no word how long"),
            ({"ends": (Term("keys", "accounts.tasks.clear_sessions"),)}, "«keys» does not say when"),
        ],
    )
    def test_a_wrong_word_is_found(self, change: dict[str, object], said: str) -> None:
        right = declared()["accounts.apikey"]
        assert isinstance(right, Held)
        held = Held(**{**vars_of(right), **change})  # type: ignore[arg-type]
        assert said in mistakes(tables()["accounts.apikey"], held)

    def test_somebody_else_in_the_row_must_be_withheld(self) -> None:
        right = declared()["readings.confirmation"]
        assert isinstance(right, Held)
        held = Held(**{**vars_of(right), "withheld": ()})
        assert "noted_by is about somebody else than the owner and is not withheld" in mistakes(
            tables()["readings.confirmation"], held
        )

    def test_a_table_that_is_spoken_about_twice_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        twice = [Nothing("polls.Poll", because="a"), Nothing("polls.poll", because="b")]
        monkeypatch.setattr(personal_data, "_tables", lambda: iter(twice))
        with pytest.raises(ValueError, match="twice"):
            inspect.unwrap(declared)()


def vars_of(held: Held) -> dict[str, object]:
    return {name: getattr(held, name) for name in held.__dataclass_fields__}
