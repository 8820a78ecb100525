"""The embedded mode's broker: Celery's file system transport, with messages that appear whole.

The library creates the file under its final name and then writes it. A worker that looks in between reads nothing, and
ends on what is no JSON: with a job for every chat message that happened within minutes.
"""

from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Reads as the library does; a written message is renamed into its place."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        whole = Path(self.data_folder_out) / f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        unfinished = whole.with_suffix(".part")  # no queue looks at these
        unfinished.write_text(dumps(payload), encoding="utf-8")
        unfinished.replace(whole)


class Transport(filesystem.Transport):
    Channel = Channel
