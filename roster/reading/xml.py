"""XML from a file somebody sent, a piece at a time: no entities, no outside, no more than was announced."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Protocol
from xml.parsers import expat  # nosec: document types are refused below, so no entity can be declared

from roster.reading.refusals import broken

_CHUNK = 1 << 16


class Handler(Protocol):
    """Who listens to a document: names come without their prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def parse(source: IO[bytes], handler: Handler) -> None:
    """Tell `handler` what stands in `source`.

    Raises `DomainError` `file_broken`, also for a document type: spreadsheets have none, bombs do.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = _bare_start(handler.start)
    parser.EndElementHandler = _bare_end(handler.end)
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        while chunk := source.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, UnicodeError, ValueError, OverflowError) as error:
        raise broken() from error


def _bare_start(listen: Callable[[str, dict[str, str]], None]) -> Callable[[str, dict[str, str]], None]:
    def start(name: str, attributes: dict[str, str]) -> None:
        listen(name.rpartition(":")[2] if ":" in name else name, attributes)

    return start


def _bare_end(listen: Callable[[str], None]) -> Callable[[str], None]:
    def end(name: str) -> None:
        listen(name.rpartition(":")[2] if ":" in name else name)

    return end


def _refuse(*_declaration: object) -> None:
    raise broken()
