"""Looking into files that hold other things — at their tables of contents only; nothing is ever unpacked.

Every function reads a bounded part of the file and raises `Broken` when the structure does not hold.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

# A table of contents this long (some 50,000 entries, or a film of many hours) is made to keep us busy.
MOST_TABLE = 4 * 1024 * 1024


class Broken(Exception):
    """The file does not follow its own format."""


# --- ZIP ------------------------------------------------------------------------------------------------------------
_ZIP_END = struct.Struct("<4s4H2LH")
_ZIP_ENTRY = struct.Struct("<4s6H3L5H2L")


@dataclass(frozen=True)
class Archive:
    """What the central directory of a ZIP says: the names inside, and how large all would be unpacked."""

    names: frozenset[str]
    unpacked: int


def read_zip(file: IO[bytes]) -> Archive:
    """Read the central directory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _ZIP_END.size:
        raise Broken
    *_numbers, length, start, _comment = _ZIP_END.unpack_from(tail, place)
    if length > MOST_TABLE or start + length > size:
        raise Broken
    file.seek(start)
    table = file.read(length)
    names, unpacked, place = [], 0, 0
    # To the end of the table, whatever number of entries is promised: what is not counted could hide macros.
    while place < len(table):
        if len(table) - place < _ZIP_ENTRY.size:
            raise Broken
        sign, *_times, full, name, extra, note, _d, _i, _e, _o = _ZIP_ENTRY.unpack_from(table, place)
        if sign != b"PK\x01\x02":
            raise Broken
        place += _ZIP_ENTRY.size
        names.append(table[place : place + name].decode("utf-8", "replace").replace("\\", "/").lower())
        unpacked += full
        place += name + extra + note
    return Archive(frozenset(names), unpacked)


# --- OLE: Office before 2007 ----------------------------------------------------------------------------------------
_FREE = 0xFFFFFFFA  # this and larger numbers are marks, not sectors


def read_compound(file: IO[bytes]) -> frozenset[str]:
    """Return the names of the storages and streams in an OLE file."""
    file.seek(0)
    header = file.read(512)
    if len(header) < 512:
        raise Broken
    (shift,) = struct.unpack_from("<H", header, 30)
    if shift not in (9, 12):
        raise Broken
    sectors = _Sectors(file, 1 << shift)
    numbers = struct.unpack_from("<109L", header, 76)
    tables = [*numbers, *_more_tables(sectors, struct.unpack_from("<L", header, 68)[0])]
    names = set()
    for sector in _chain(sectors, tables, struct.unpack_from("<L", header, 48)[0]):
        for place in range(0, len(sector) - 127, 128):
            (length,) = struct.unpack_from("<H", sector, place + 64)
            names.add(sector[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace"))
    return frozenset(names)


@dataclass
class _Sectors:
    """The file cut into sectors; reads at most `MOST_TABLE` bytes in all, so a loop in the chain ends."""

    file: IO[bytes]
    size: int
    left: int = MOST_TABLE

    def read(self, number: int) -> bytes:
        self.left -= self.size
        self.file.seek((number + 1) * self.size)
        found = self.file.read(self.size)
        if self.left < 0 or len(found) < self.size:
            raise Broken
        return found

    def numbers(self, number: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self.size // 4}L", self.read(number))


def _more_tables(sectors: _Sectors, number: int) -> Iterator[int]:
    while number < _FREE:
        *tables, number = sectors.numbers(number)
        yield from tables


def _chain(sectors: _Sectors, tables: list[int], number: int) -> Iterator[bytes]:
    per_table = sectors.size // 4
    while number < _FREE:
        yield sectors.read(number)
        place, inside = divmod(number, per_table)
        if place >= len(tables) or tables[place] >= _FREE:
            raise Broken
        number = sectors.numbers(tables[place])[inside]


# --- ISO base media: MP4, MOV, M4A ----------------------------------------------------------------------------------
_HANDLER = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)
_MOST_BOXES = 10_000


def tracks_of_film(file: IO[bytes]) -> frozenset[str]:
    """Return which of `vide` and `soun` the film has tracks of."""
    size = file.seek(0, 2)
    place = 0
    for _number in range(_MOST_BOXES):
        file.seek(place)
        head = file.read(16)
        if len(head) < 8:
            break
        length, name = struct.unpack_from(">L4s", head)
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
        if name == b"moov":
            file.seek(place)
            table = file.read(min(length or size, 4 * MOST_TABLE))
            return frozenset(found.decode() for found in _HANDLER.findall(table))
        if length < 8:
            break
        place += length
    raise Broken


# --- MP3 ------------------------------------------------------------------------------------------------------------
_BITRATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),  # MPEG 1
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),  # MPEG 2 and 2.5
}
_RATES = {3: (44_100, 48_000, 32_000, 0), 2: (22_050, 24_000, 16_000, 0), 0: (11_025, 12_000, 8_000, 0)}


def is_mp3(file: IO[bytes]) -> bool:
    """Tell whether two frames of MPEG layer III follow one another, after the tags if there are some."""
    file.seek(0)
    head = file.read(10)
    place = 0
    if head.startswith(b"ID3") and len(head) == 10:
        place = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
    file.seek(place)
    found = file.read(8192)
    start = len(found) - len(found.lstrip(b"\0"))  # tags are often padded
    length = _frame_length(found[start : start + 4])
    return bool(length) and bool(_frame_length(found[start + length : start + length + 4]))


def _frame_length(head: bytes) -> int:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # the mark of a frame, layer III
        return 0
    version = head[1] >> 3 & 3
    if version not in _RATES:
        return 0
    bitrate, rate = _BITRATES[version == 3][head[2] >> 4], _RATES[version][head[2] >> 2 & 3]
    if not bitrate or not rate:
        return 0
    return (144 if version == 3 else 72) * bitrate * 1000 // rate + (head[2] >> 1 & 1)
