"""What the kinds of movement and the decisions of families are called."""

from django.utils.translation import pgettext

from movement.models import Decision
from movement.selectors.consents import NONE
from movement.selectors.register import CAME, LEFT, MOVED, RETURNED, STAFF


def kind_name(kind: str, who: str = "") -> str:
    """Return what a movement is called in a list; staff are taken on, students are enrolled."""
    names = {
        CAME: pgettext("movement", "taken on") if who == STAFF else pgettext("movement", "enrolled"),
        MOVED: pgettext("movement", "transferred"),
        RETURNED: pgettext("movement", "came back"),
        LEFT: pgettext("movement", "left"),
    }
    return names[kind]


def decision_name(decision: str) -> str:
    """Return a decision in a word."""
    return str(Decision(decision).label)


def state_name(state: str) -> str:
    """Return what holds for a family in a word."""
    return pgettext("consent", "no answer") if state == NONE else decision_name(state)


def tone_of(state: str) -> str:
    """Return how a state is coloured."""
    tones = {NONE: "warn", Decision.CONSENT: "good", Decision.REFUSAL: "bad", Decision.OTHER_CHANNEL: "info"}
    return tones[state]


def icon_of(state: str) -> str:
    """Return the icon of a state: colour alone tells nobody anything."""
    icons = {
        NONE: "hourglass",
        Decision.CONSENT: "circle-check",
        Decision.REFUSAL: "ban",
        Decision.OTHER_CHANNEL: "phone",
    }
    return icons[state]
