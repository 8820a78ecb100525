"""The tables of movement: what was reported, and the consents of families."""

from movement.models.consents import Consent, Decision
from movement.models.notices import Notice, NoticeKind, NoticePerson, NoticeState
from movement.models.years import Dismissal, YearPlan

__all__ = ["Consent", "Decision", "Dismissal", "Notice", "NoticeKind", "NoticePerson", "NoticeState", "YearPlan"]
