"""What keeps the log readable."""

import logging
import time


class OnceAMinute(logging.Filter):
    """Lets one record a minute through: a Redis that is away would fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self.passed_at = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now - self.passed_at < 60:
            return False
        self.passed_at = now
        return True
