"""The check of the data (ORG-7): what on the roster is not as it should be. Reads only."""

from movement.selectors.hygiene.findings import GROUPS, SERIOUS, Finding, Findings, Group, findings_of

__all__ = ["GROUPS", "SERIOUS", "Finding", "Findings", "Group", "findings_of"]
