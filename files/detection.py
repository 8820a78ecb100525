"""What a file is, by its content: neither its name nor the browser is believed.

The list is short and each check exact, so a library that guesses among hundreds of kinds would only add doubt.
"""

import re
from codecs import getincrementaldecoder
from collections.abc import Callable
from functools import partial
from typing import IO

from files import containers, formats
from files.containers import Broken
from files.formats import Format
from files.refusals import damaged, has_macros, unpacks_too_large, wrong_type

_HEAD = 4096
_CHUNK = 64 * 1024
# An archive may grow a hundred times (tables of numbers do); a bomb grows thousands of times.
_MOST_GROWTH = 100
_SMALL_ENOUGH = 100 * 1024 * 1024

Look = Callable[[IO[bytes], bytes], Format | None]


def detect(file: IO[bytes], name: str) -> Format:
    """Return what `file` is (CHAT-5). Of `name`, only the ending matters, and only to plain text.

    Raises `DomainError`: `file_type_refused`, `file_damaged`, `file_with_macros`, `file_unpacks_too_large`.
    """
    file.seek(0)
    head = file.read(_HEAD)
    try:
        found = _found_by_signature(file, head) or _mp3(file) or _text(file, head, name)
    except Broken as error:
        raise damaged() from error
    if found is None:
        raise wrong_type()
    file.seek(0)
    return found


def _found_by_signature(file: IO[bytes], head: bytes) -> Format | None:
    for signature, look in _SIGNATURES:
        if signature.match(head):
            found = look(file, head) if callable(look) else look
            if found is None:
                raise wrong_type()
            return found
    return None


# --- Documents ------------------------------------------------------------------------------------------------------
_OOXML_PARTS = (
    (re.compile(r"word/document\d*\.xml"), formats.DOCX),
    (re.compile(r"xl/workbook\d*\.xml"), formats.XLSX),
    (re.compile(r"ppt/presentation\d*\.xml"), formats.PPTX),
)
_ODF = {found.content_type.encode(): found for found in (formats.ODT, formats.ODS, formats.ODP)}
_MACROS = re.compile(r"(.*/)?vba(project|data)[^/]*|xl/macrosheets/.*|basic/.*|scripts/.*")
# Programs for Java and Android are ZIP archives, too.
_PROGRAMS = {"meta-inf/manifest.mf", "androidmanifest.xml", "classes.dex"}


def _archive(file: IO[bytes], head: bytes) -> Format | None:
    archive = containers.read_zip(file)
    size = file.seek(0, 2)
    if archive.unpacked > _MOST_GROWTH * size + _SMALL_ENOUGH:
        raise unpacks_too_large()
    if "mimetype" in archive.names:
        found = _open_document(head)
    elif "[content_types].xml" in archive.names:
        found = next((made for part, made in _OOXML_PARTS if any(map(part.fullmatch, archive.names))), None)
    else:
        return None if archive.names & _PROGRAMS else formats.ZIP
    if found and any(map(_MACROS.fullmatch, archive.names)):
        raise has_macros()
    return found


def _open_document(head: bytes) -> Format | None:
    """OpenDocument names itself at once: its first entry is called «mimetype» and is not compressed."""
    if head[30:38] != b"mimetype":
        return None
    start = 38 + int.from_bytes(head[28:30], "little")
    return next((made for name, made in _ODF.items() if head[start:].startswith(name + b"PK")), None)


def _compound(file: IO[bytes], head: bytes) -> Format | None:
    names = containers.read_compound(file)
    if names & {"Macros", "VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR"}:
        raise has_macros()
    if "WordDocument" in names:
        return formats.DOC
    if names & {"Workbook", "Book"}:
        return formats.XLS
    return formats.PPT if "PowerPoint Document" in names else None


_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP_OR_SCRIPT = re.compile(rb"(\xef\xbb\xbf)?\s*(<[a-zA-Z!?%/]|#!)")
_TEXTS = {"": formats.TXT, "txt": formats.TXT, "csv": formats.CSV}


def _text(file: IO[bytes], head: bytes, name: str) -> Format | None:
    """A text proves nothing by its content (a script is a text, too), so it must be called one."""
    found = _TEXTS.get(name.rpartition(".")[2].strip().lower() if "." in name else "")
    if found is None or _MARKUP_OR_SCRIPT.match(head):
        return None
    return found if any(_is_text(file, encoding) for encoding in ("utf-8", "windows-1251")) else None


def _is_text(file: IO[bytes], encoding: str) -> bool:
    decoder = getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        for chunk in iter(partial(file.read, _CHUNK), b""):
            if _CONTROLS.search(chunk):
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


# --- Sound and films ------------------------------------------------------------------------------------------------
_FILMS = re.compile(rb"isom|iso[2-9]|mp4[12]|avc1|dash|MSNV|mmp4|M4V |M4VP|M4A |M4B |qt  ")
_HEIC = re.compile(rb"hei[cxms]|hev[cxms]")


def _film(file: IO[bytes], head: bytes) -> Format | None:
    brand, length = head[8:12], int.from_bytes(head[:4], "big")
    others = {head[place : place + 4] for place in range(16, min(length, len(head)), 4)}
    if _HEIC.fullmatch(brand) or (brand in (b"mif1", b"msf1") and any(map(_HEIC.fullmatch, others))):
        return formats.HEIC
    if not _FILMS.fullmatch(brand):
        return None
    tracks = containers.tracks_of_film(file)
    if "vide" not in tracks:
        return formats.M4A if "soun" in tracks else None
    return formats.MOV if brand == b"qt  " else formats.MP4


def _matroska(file: IO[bytes], head: bytes) -> Format | None:
    if b"webm" not in head[:64]:
        return None
    file.seek(0)
    start = file.read(_CHUNK)
    if b"V_VP" in start or b"V_AV1" in start:
        return formats.WEBM
    return formats.WEBM_SOUND if b"A_OPUS" in start or b"A_VORBIS" in start else None


def _riff(file: IO[bytes], head: bytes) -> Format | None:
    return {b"WEBP": formats.WEBP, b"WAVE": formats.WAV}.get(head[8:12])


def _ogg(file: IO[bytes], head: bytes) -> Format | None:
    return formats.OGG if re.search(rb"\x01vorbis|OpusHead|\x7fFLAC|Speex   ", head[:128]) else None


def _mp3(file: IO[bytes]) -> Format | None:
    return formats.MP3 if containers.is_mp3(file) else None


# What begins like this is this, or nothing: it is not tried as something else. (A frame of MP3 begins like «яв» in
# Windows-1251, so MP3 has no place here.)
_SIGNATURES: tuple[tuple[re.Pattern[bytes], Format | Look], ...] = (
    (re.compile(rb"%PDF-\d"), formats.PDF),
    (re.compile(rb"\{\\rtf"), formats.RTF),
    (re.compile(rb"PK\x03\x04"), _archive),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _compound),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), formats.PNG),
    (re.compile(rb"\xff\xd8\xff"), formats.JPEG),
    (re.compile(rb"GIF8[79]a"), formats.GIF),
    (re.compile(rb"RIFF"), _riff),
    (re.compile(rb".{4}ftyp", re.DOTALL), _film),
    (re.compile(rb"\x1a\x45\xdf\xa3"), _matroska),
    (re.compile(rb"OggS"), _ogg),
)
