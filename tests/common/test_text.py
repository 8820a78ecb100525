"""Names typed in any manner are found and compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import clean, normalise


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Иванова\t Анна\n", "Иванова Анна"),
        ("Ива\u200bнова", "Иванова"),
        ("Иванова\u00a0Анна", "Иванова Анна"),
        ("\ufeffИванова", "Иванова"),
        ("Андрей", "Андрей"),
        ("Андреи\u0306", "Андрей"),
        ("Мусса-оглы", "Мусса-оглы"),
        ("", ""),
        ("\u200b \u200b", ""),
    ],
)
def test_cleaning_keeps_what_a_person_sees(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Семёнов", "СЕМЕНОВ"),
        ("ЁЛКИН", "елкин"),
        (" ещё  раз", "Еще раз"),
        ("Андреи\u0306", "андрей"),
        ("O'Нил", "o'нил"),
    ],
)
def test_the_same_name_in_another_manner_is_equal(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_different_names_stay_different() -> None:
    assert normalise("Андреи") != normalise("Андрей")
    assert normalise("Иванова Анна") != normalise("Анна Иванова")


def test_the_normal_form_sorts_yo_with_ye() -> None:
    names = ["Ёлкин", "Жуков", "Егоров", "Ельцова"]
    assert sorted(names, key=normalise) == ["Егоров", "Ёлкин", "Ельцова", "Жуков"]


# Letters, marks that join them, white space of all kinds, signs that nobody sees.
ODD = "АЁёйИи \t\n\u00a0\u200b\u200d\ufeff\u00ad\u0306\u0308İßa-"


@given(st.text(alphabet=ODD, max_size=20))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet=ODD.replace("\u0306", "").replace("\u0308", ""), max_size=20))
def test_the_normal_form_is_stable(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
