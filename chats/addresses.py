"""Where a link into a chat leads."""

from django.conf import settings
from django.urls import reverse

from chats import tokens
from chats.models import ChatLink


def link_url(link: ChatLink, slug: str) -> str:
    """Return the address by which people of the organization come into the chat (INV-10)."""
    return f"{settings.SITE_URL}{reverse('chats:join', args=[slug, tokens.make(link.pk)])}"
