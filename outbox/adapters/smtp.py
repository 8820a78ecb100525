"""Letters by SMTP, through Django's mail settings."""

from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from outbox.rendering import Rendered


class Smtp:
    keeps = False
    parallel = 1

    def __enter__(self) -> Self:
        # Opened by the first letter: a server that is away is then the failure of that letter, not of the batch.
        self.connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def send(self, recipient: str, words: Rendered) -> None:
        """Send one letter; raises what the mail backend raises."""
        self.connection.open()
        letter = EmailMultiAlternatives(words.subject, words.text, None, [recipient], connection=self.connection)
        if words.html:
            letter.attach_alternative(words.html, "text/html")
        letter.send()
