"""What adapters without a connection share."""

from types import TracebackType
from typing import Self


class Connectionless:
    """An adapter that opens nothing for a batch."""

    keeps = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None
