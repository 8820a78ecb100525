"""Applications of organizations, and organizations that are to be deleted."""

from registration.models.application import CLOSED, MOVES, OPEN, Application, ApplicationEvent, OrderFile, State
from registration.models.deletion import Deletion, LeftFile

__all__ = [
    "CLOSED",
    "MOVES",
    "OPEN",
    "Application",
    "ApplicationEvent",
    "Deletion",
    "LeftFile",
    "OrderFile",
    "State",
]
