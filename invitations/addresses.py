"""What a link is called outside: its address and its code. Made when shown, never stored (INV-11)."""

from django.conf import settings
from django.urls import reverse

from invitations import tokens
from invitations.models import Invitation


def token_of(link: Invitation) -> str:
    """Return the token of the link as it is now."""
    return tokens.make_token(link.pk, link.generation)


def code_of(link: Invitation) -> str:
    """Return the code for typing, in groups of four."""
    return tokens.make_code(link.pk, link.generation)


def join_url(link: Invitation) -> str:
    """Return the full address that lets somebody in."""
    return settings.SITE_URL.rstrip("/") + reverse("invitations:join", args=[token_of(link)])


def code_page_url() -> str:
    """Return the full address where a code is typed."""
    return settings.SITE_URL.rstrip("/") + reverse("invitations:join_code")


def short(url: str) -> str:
    """Return an address as people type it: without the scheme and the last slash."""
    return url.partition("://")[2].rstrip("/")
