"""Nothing leaves: the message stays in the outbox and is read on the developer's page."""

from outbox.adapters.base import Connectionless
from outbox.rendering import Rendered


class Kept(Connectionless):
    keeps = True

    def send(self, recipient: str, words: Rendered) -> None:
        """Keep the message where it is."""
