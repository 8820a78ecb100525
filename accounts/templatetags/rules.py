"""`{{ version|day_of_version }}`."""

from datetime import date

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def day_of_version(version: str) -> str:
    """Return the day of a version of the rules («2026-11-01») as people write it."""
    return date_format(date.fromisoformat(version), "DATE_FORMAT")
