"""Tokens and codes: what opens, what does not, however it is typed (INV-11)."""

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from invitations import tokens
from invitations.models import Invitation
from invitations.selectors import Answer, present
from invitations.services import LinkTerms, extend, renew, revoke
from invitations.tokens import make_code, make_token, read
from tests.world import World

IDS = st.integers(min_value=1, max_value=2**62)
GENERATIONS = st.integers(min_value=1, max_value=10**6)


@pytest.mark.req("INV-11")
@given(IDS, GENERATIONS)
def test_a_token_and_a_code_are_read_back(number: int, generation: int) -> None:
    for text in (make_token(number, generation), make_code(number, generation)):
        claim = read(text)
        assert claim is not None
        assert claim.invitation_id == number
        assert claim.generation([generation + 1, generation]) == generation


@pytest.mark.req("INV-11")
@given(IDS, GENERATIONS, st.integers(min_value=0, max_value=25), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_changed_letter_proves_nothing(number: int, generation: int, place: int, letter: str) -> None:
    token = make_token(number, generation)
    start = len(token) - 26
    forged = token[: start + place] + letter + token[start + place + 1 :]
    claim = read(forged)
    assert claim is not None
    assert (claim.generation([generation]) == generation) is (forged == token)


@pytest.mark.req("INV-11")
@given(IDS, GENERATIONS, st.randoms())
def test_a_code_is_typed_on_any_keyboard(number: int, generation: int, random: object) -> None:
    code = make_code(number, generation)
    latin, cyrillic = "ABCEHKMPTXY03", "АВСЕНКМРТХУОЗ"
    typed = "".join(
        cyrillic[latin.index(char)] if char in latin and random.random() < 0.5 else char  # type: ignore[attr-defined]
        for char in code
    )
    for text in (typed, typed.lower(), typed.replace("-", ""), typed.replace("-", " — "), f"  {typed}\u00a0"):
        claim = read(text)
        assert claim is not None
        assert claim.invitation_id == number
        assert claim.generation([generation]) == generation


@given(st.text(max_size=200))
def test_whatever_is_typed_is_answered(text: str) -> None:
    claim = read(text)
    assert claim is None or claim.generation(range(1, 4)) in (None, 1, 2, 3)


@pytest.mark.req("INV-11")
def test_alphabets_hold_no_look_alikes() -> None:
    assert not set(tokens.ALPHABET) & set("1IOLZSQ")
    assert len(tokens.ALPHABET) == 20


@pytest.mark.req("INV-11")
def test_a_proof_for_one_purpose_fits_no_other() -> None:
    claim = read(make_code(5, 1))
    assert claim is not None
    assert claim.purpose == "code"
    assert read(make_token(5, 1).replace("-", "")) is None


@pytest.mark.req("INV-11")
def test_a_changed_key_keeps_old_links_while_it_is_named(world: World, parent_link: Invitation) -> None:
    token = make_token(parent_link.pk, 1)
    with override_settings(INVITATION_KEY="another key"):
        assert present(token).answer is Answer.UNKNOWN
    with override_settings(
        INVITATION_KEY="another key",
        INVITATION_KEY_FALLBACKS=["a key for tests only, never in production: INVITATION_KEY"],
    ):
        assert present(token).answer is Answer.OPEN
        assert present(make_token(parent_link.pk, 1)).answer is Answer.OPEN


@pytest.mark.req("INV-3", "INV-4", "INV-11")
def test_each_end_of_a_link_has_its_own_answer(world: World, parent_link: Invitation) -> None:
    actor = world.a.actor("administrator")
    token = make_token(parent_link.pk, 1)
    assert present(token).answer is Answer.OPEN
    Invitation.objects.filter(pk=parent_link.pk).update(uses=10)
    assert present(token).answer is Answer.USED_UP
    Invitation.objects.filter(pk=parent_link.pk).update(uses=0)
    assert present(token, now=parent_link.expires_at).answer is Answer.EXPIRED
    revoke(actor=actor, invitation=parent_link)
    assert present(token).answer is Answer.REVOKED
    renewed = renew(actor=actor, invitation=parent_link, terms=LinkTerms())
    assert present(token).answer is Answer.RENEWED
    assert present(make_token(renewed.pk, 2)).answer is Answer.OPEN
    assert present(make_token(renewed.pk, 3)).answer is Answer.UNKNOWN
    assert present(make_token(10**6, 1)).answer is Answer.UNKNOWN


@pytest.mark.req("INV-3")
def test_a_link_lives_until_the_end_of_its_last_day(world: World, parent_link: Invitation) -> None:
    zone = world.a.organization.zone
    last = parent_link.expires_at.astimezone(zone)
    assert (last.hour, last.minute, last.second) == (23, 59, 59)
    assert (last.date() - parent_link.created_at.astimezone(zone).date()).days == 14
    longer = extend(actor=world.a.actor("administrator"), invitation=parent_link, days=7)
    assert (longer.expires_at.astimezone(zone).date() - last.date()).days == 7


@pytest.mark.req("INV-11")
def test_no_table_holds_what_opens_a_link(world: World, parent_link: Invitation) -> None:
    row = Invitation.objects.filter(pk=parent_link.pk).values().get()
    secrets = {make_token(parent_link.pk, 1).partition("-")[2], make_code(parent_link.pk, 1)[-9:]}
    assert not any(secret in str(value) for secret in secrets for value in row.values())
