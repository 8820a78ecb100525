"""The check digits of an INN (REG-1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError
from common.inn import is_inn, read_inn

pytestmark = pytest.mark.req("REG-1")

# The official weights once more, written down another way.
TEN = [2, 4, 10, 3, 5, 9, 4, 6, 8]
TWELVE = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]


def check(digits: str, weights: list[int]) -> str:
    return str(sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 % 10)


def ten(start: str) -> str:
    return start + check(start, TEN)


def twelve(start: str) -> str:
    start += check(start, TWELVE[1:])
    return start + check(start, TWELVE)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.integers(1, 10**length - 1).map(lambda number: str(number).zfill(length))


@given(digits(9))
def test_ten_true_digits_pass_and_a_mistyped_one_is_found(start: str) -> None:
    inn = ten(start)
    assert is_inn(inn)
    assert read_inn(f" {inn[:4]} {inn[4:]}") == inn
    wrong = inn[:-1] + str((int(inn[-1]) + 1) % 10)
    assert not is_inn(wrong)
    with pytest.raises(DomainError) as refusal:
        read_inn(wrong)
    assert refusal.value.code == "inn_invalid"
    assert list(refusal.value.fields) == ["inn"]


@given(digits(10))
def test_twelve_true_digits_pass_and_either_check_digit_counts(start: str) -> None:
    inn = twelve(start)
    assert is_inn(inn)
    for place in (10, 11):
        wrong = inn[:place] + str((int(inn[place]) + 1) % 10) + inn[place + 1 :]
        assert not is_inn(wrong)


@given(st.text(max_size=15))
def test_nothing_else_is_an_inn(text: str) -> None:
    if not (text.isascii() and text.isdigit() and len(text) in (10, 12)):
        assert not is_inn(text)


@pytest.mark.parametrize("text", ["", "0000000000", "000000000000", "77010000", "٧٧٠١٠٠٠٠٠١", "770100000x", "1" * 99])
def test_what_people_mistype(text: str) -> None:
    with pytest.raises(DomainError, match="inn_invalid"):
        read_inn(text)


def test_a_known_one() -> None:
    # The tax service's own.
    assert is_inn("7707329152")
    assert read_inn("7707-329-152") == "7707329152"
