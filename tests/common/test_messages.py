"""A message is kept as it was typed, without tricks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError
from common.text import clean_line, clean_message


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Добрый день!\r\n\r\nДо встречи  \r", "Добрый день!\n\nДо встречи"),
        ("раз\n\n\n\n\n\nдва", "раз\n\n\nдва"),
        ("раз\n \t\n\u00a0\n\n \nдва", "раз\n\n\nдва"),
        ("раз\u2028два\x0bтри", "раз\nдва\nтри"),
        ("a\tb  c", "a\tb  c"),
        ("па\u200bро\ufeffль\u00ad", "пароль"),
        ("фото\u202egpj.exe", "фотоgpj.exe"),
        ("\u2067а\u2069\u200fб\u061c", "аб"),
        ("ноль\x00 и \x1b[31mцвет\x07", "ноль и [31mцвет"),
        ("половина \ud83d знака", "половина  знака"),
        ("Андреи\u0306", "Андрей"),
        ("Андреи\u200b\u0306", "Андрей"),
        ("семья 👨‍👩‍👧 и 👩🏽‍⚕️", "семья 👨‍👩‍👧 и 👩🏽‍⚕️"),
        ("❤️ ☂️ 1️⃣ 🏳️‍🌈", "❤️ ☂️ 1️⃣ 🏳️‍🌈"),
        ("\U0001fae8 \U0001fadc", "\U0001fae8 \U0001fadc"),  # younger than this Python's tables
        ("сло\u200dво \u200d👩\u200d", "слово 👩"),
        ("а\ufe0fб\ufe01", "аб"),
        ("за\u0337\u0336льго", "за\u0337\u0336льго"),
        ("з" + "\u0337" * 500 + "льго", "з" + "\u0337" * 20 + "льго"),
        ("سلامٌ", "سلامٌ"),
    ],
)
def test_a_message_is_kept_as_typed_without_tricks(typed: str, kept: str) -> None:
    assert clean_message(typed, most=4000) == kept


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize(
    "typed", ["", "  \n\t ", "\u200b\u200d\ufeff", "\u2800\u3164", "\u0301\ufe0f", "\ud800", "\x00"]
)
def test_a_message_without_anything_to_see_is_refused(typed: str) -> None:
    with pytest.raises(DomainError) as refusal:
        clean_message(typed, most=100)
    assert (refusal.value.code, refusal.value.status, list(refusal.value.fields)) == ("text_empty", 400, ["text"])
    assert clean_message(typed, most=100, allow_empty=True) == ""


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("typed", ["я" * 101, "я" * 100_000, "\u200b" * 500 + "я" * 10, "я\u0337" * 60])
def test_a_long_message_is_refused(typed: str) -> None:
    with pytest.raises(DomainError) as refusal:
        clean_message(typed, most=100, allow_empty=True)
    assert (refusal.value.code, refusal.value.status, list(refusal.value.fields)) == ("text_too_long", 400, ["text"])


def test_what_is_taken_away_does_not_count() -> None:
    assert clean_message("и\u0306" * 100 + "\u200b" * 50, most=100) == "й" * 100


def test_one_line() -> None:
    assert clean_line(" Идём\n\n в  музей?\t👨‍👩‍👧 ", most=50) == "Идём в музей? 👨‍👩‍👧"
    assert clean_line("\u200b", most=5) == ""


ODD = (
    "аЁйи\u0306\u0308\u0337Z1#<\n\r\t \u00a0\u2028\x00\x1c\u200b\u200c\u200d\ufe0e\ufe0f\u202e\u2066\ufeff"
    "\ud83d👩❤🏽\u2329\u20e3"
)


@given(st.one_of(st.text(alphabet=ODD, max_size=40), st.text(max_size=40)))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_message(text, most=200, allow_empty=True)
    assert clean_message(once, most=200, allow_empty=True) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once.encode().decode() == once
    assert not any(unicodedata.category(char) == "Cc" for char in once if char not in "\n\t")
    assert "\n\n\n\n" not in once
