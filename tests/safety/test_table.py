"""The table of security says what is there, and leaves nothing out."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/security.md").read_text()
ROWS = re.findall(r"^\| (V\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.+?) \| (.*) \|$", TEXT, re.MULTILINE)
STATES = {"met", "partly", "not met", "n/a"}
# How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has.
CHAPTERS = {
    "V1": 27,
    "V2": 11,
    "V3": 19,
    "V4": 10,
    "V5": 9,
    "V6": 35,
    "V7": 18,
    "V8": 7,
    "V9": 7,
    "V10": 29,
    "V11": 14,
    "V12": 9,
    "V13": 13,
    "V14": 9,
    "V15": 13,
    "V16": 16,
    "V17": 7,
}
pytestmark = pytest.mark.req("ACC-4")


def test_every_requirement_of_the_two_levels_stands_there_once() -> None:
    named = [row[0] for row in ROWS] + re.findall(r"V1[07]\.\d+\.\d+", " ".join(re.findall(r"^n/a: .*", TEXT, re.M)))
    assert len(named) == len(set(named))
    assert Counter(name.partition(".")[0] for name in named) == CHAPTERS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_state_has_its_proof_or_its_reason(row: tuple[str, ...]) -> None:
    _name, _level, _words, state, rest = row
    assert state in STATES
    proofs = re.findall(r"`([\w./-]+/[\w./-]+|[\w.-]+\.(?:md|txt|yml|toml)|Makefile|\.dockerignore)`", rest)
    assert all((ROOT / proof).exists() for proof in proofs), proofs
    if state == "met":
        assert proofs
    else:
        assert re.sub(r"`[^`]*`[; ]*", "", rest), "say why"
