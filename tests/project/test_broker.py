"""The embedded mode's queue: what is being written is not read yet."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

import sferum_admin.celery  # noqa: F401 - names the transport
from sferum_admin.broker import Channel

MESSAGES = 300


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    options = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    channel = Connection("filesystem://", transport_options=options).channel()
    assert isinstance(channel, Channel)
    return channel


def test_a_message_is_read_whole_or_not_at_all(channel: Channel) -> None:
    def write() -> None:
        for number in range(MESSAGES):
            channel._put("celery", {"body": "я" * 2000, "number": number})

    read: list[int] = []
    with ThreadPoolExecutor(1) as writer:
        writing = writer.submit(write)
        while len(read) < MESSAGES and not (writing.done() and writing.exception()):
            try:
                read.append(channel._get("celery")["number"])
            except Empty:
                continue
    assert sorted(read) == list(range(MESSAGES))


def test_an_unfinished_message_stays_unread(channel: Channel, tmp_path: Path) -> None:
    (tmp_path / "1_a.celery.part").write_text("")
    with pytest.raises(Empty):
        channel._get("celery")
