"""Passing to the next school year (ORG-9): the draft, and doing it."""
