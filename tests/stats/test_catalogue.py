"""The catalogue: every figure says what it is, and one function counts it (STAT-5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from stats import catalogue
from stats.catalogue import BY_KEY, FIGURES, GROUP_NAMES, NORM_TEMPLATES, Circle, Group, Measure
from stats.models import OrgDay, Period, UnitDay
from stats.selectors.days_read import _ORGANIZATION, _UNIT
from stats.selectors.facts import Facts, Median, Reach
from stats.selectors.formulas import FORMULAS
from stats.selectors.people import AUTHORS, COUNTED
from stats.selectors.people_counted import KEYS
from stats.selectors.things import FIGURES_OF_THINGS
from stats.selectors.trend import TREND_FIGURES

pytestmark = pytest.mark.req("STAT-5")


class Full(dict[str, int]):
    """Numbers of everything: 40 of 100 of whatever is asked."""

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, name: str) -> int:
        return 100 if name.endswith("_total") or name in ("messages", "made") else 40

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]


FULL = Facts(
    roster=Full(),
    sums=Full(),
    people=Full(),
    reach=dict.fromkeys(("reading", "post", "poll", "event"), Reach(3, 100, 40)),
    medians={"answer": Median(9, 60.0), "reading": Median(3, 120.0)},
    invitations=Full(),
    silent=(40, 100),
)


def test_every_figure_has_exactly_one_function() -> None:
    assert list(FORMULAS) == [figure.key for figure in FIGURES]
    assert len(BY_KEY) == len(FIGURES)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
def test_what_is_counted_is_of_the_measure_the_catalogue_says(figure: catalogue.Figure) -> None:
    part = FORMULAS[figure.key](FULL)
    assert part.amount is not None
    if figure.measure == Measure.SHARE:
        assert (part.numerator, part.denominator, part.amount) == (40, 100, 0.4)
        assert figure.denominator
    else:
        assert part.denominator is None
        assert not figure.denominator
    if figure.measure == Measure.COUNT:
        assert part.numerator == part.amount


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
def test_where_nothing_was_counted_nothing_is_said(figure: catalogue.Figure) -> None:
    assert FORMULAS[figure.key](Facts()).amount is None


def test_every_sentence_is_said_in_russian() -> None:
    with translation.override("ru"):
        for figure in FIGURES:
            for text in (figure.name, figure.formula, figure.numerator, figure.denominator, figure.left_out):
                assert not text or any("а" <= letter <= "я" for letter in str(text).lower()), text
        for text in (*GROUP_NAMES.values(), catalogue.COMPARED, catalogue.HIDDEN, catalogue.WITHOUT_DOUBTFUL):
            assert any("а" <= letter <= "я" for letter in str(text).lower()), text
        assert len({str(figure.name) for figure in FIGURES}) == len(FIGURES)


def test_figures_of_one_part_stand_together() -> None:
    groups = [figure.group for figure in FIGURES]
    assert sorted(groups, key=list(Group).index) == groups
    assert set(groups) == set(GROUP_NAMES)


def test_names_stand_behind_exactly_the_figures_that_say_so() -> None:
    assert set(COUNTED) == {figure.key for figure in FIGURES if figure.people is not None}
    assert {figure.key for figure in FIGURES if figure.can_remind} <= set(COUNTED) - AUTHORS
    # No ranking of pupils: who is active of them stands nowhere.
    assert [figure.key for figure in FIGURES if figure.people == Circle.STUDENTS] == ["students_joined"]


def test_norms_trend_and_things_name_figures_there_are() -> None:
    assert all(BY_KEY[key].measure == Measure.SHARE for key in NORM_TEMPLATES)
    assert set(TREND_FIGURES) | set(FIGURES_OF_THINGS) <= set(BY_KEY)
    assert all(1 <= percent <= 100 for percent in NORM_TEMPLATES.values())
    assert all(BY_KEY[key].by_unit for key in TREND_FIGURES)


def test_what_is_read_are_columns_of_the_tables() -> None:
    for model, columns in ((OrgDay, _ORGANIZATION), (UnitDay, _UNIT), (Period, KEYS)):
        assert set(columns) <= {field.name for field in model._meta.get_fields()}
