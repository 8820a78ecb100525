"""Small files of every kind, made here; and files made to hurt."""

from __future__ import annotations

import struct
import wave
import zipfile
import zlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from files import formats
from files.formats import Format

OOXML = "[Content_Types].xml"


def upload_of(content: bytes, name: str = "file.bin") -> SimpleUploadedFile:
    """An upload whose browser says that it is a page."""
    return SimpleUploadedFile(name, content, content_type="text/html")


def picture(
    kind: str = "PNG", size: tuple[int, int] = (40, 30), colour: str = "navy", mode: str = "RGB", **options: Any
) -> bytes:
    made = BytesIO()
    Image.new(mode, size, colour).save(made, kind, **options)
    return made.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that promises `width` × `height` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def archive(*names: str, mimetype: str = "", content: bytes = b"<x/>") -> bytes:
    """A ZIP with these entries; `mimetype` comes first and uncompressed, as in OpenDocument."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        if mimetype:
            packed.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            packed.writestr(name, content)
    return made.getvalue()


def promising(content: bytes, size: int) -> bytes:
    """The archive with its last entry promising `size` bytes."""
    place = content.rindex(b"PK\x01\x02")
    return content[: place + 24] + struct.pack("<L", size) + content[place + 28 :]


def compound(*names: str) -> bytes:
    """An OLE file with these streams, at most four: a header, one table of sectors, one sector of directory."""
    header = bytearray(b"\xff" * 512)
    header[:76] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(68)
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<LL", header, 44, 1, 1)  # one table, the directory is sector 1
    struct.pack_into("<L", header, 68, 0xFFFFFFFE)
    struct.pack_into("<L", header, 76, 0)  # the table is sector 0
    table = struct.pack("<LL", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * 504
    directory = b""
    for name in names:
        written = name.encode("utf-16-le")
        directory += written.ljust(64, b"\0") + struct.pack("<H", len(written) + 2) + bytes(62)
    return bytes(header) + table + directory.ljust(512, b"\0")


def box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">L4s", 8 + len(content), name) + content


def film(brand: bytes = b"isom", tracks: tuple[bytes, ...] = (b"vide", b"soun"), others: bytes = b"") -> bytes:
    handlers = b"".join(box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + track + bytes(12)))) for track in tracks)
    return box(b"ftyp", brand + bytes(4) + others) + box(b"mdat", b"\0" * 5000) + box(b"moov", handlers)


def matroska(kind: bytes = b"webm", codec: bytes = b"V_VP8") -> bytes:
    return b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84" + kind + bytes(60) + b"\x86" + codec + bytes(200)


def mp3(frames: int = 3) -> bytes:
    frame = b"\xff\xfb\x90\x00".ljust(417, b"\x55")  # 128 kbit/s, 44.1 kHz
    return frame * frames


def wav() -> bytes:
    made = BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 100)
    return made.getvalue()


RUSSIAN = "Расписание на «четверг» — без изменений.\r\nВсе, у кого №5, придут к 9.\r\n"
GOOD: dict[str, tuple[bytes, Format]] = {
    "pdf": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n", formats.PDF),
    "docx": (archive(OOXML, "word/document.xml", "word/media/image1.png"), formats.DOCX),
    "xlsx": (archive(OOXML, "xl/workbook.xml"), formats.XLSX),
    "pptx": (archive(OOXML, "ppt/presentation.xml"), formats.PPTX),
    "odt": (archive("content.xml", mimetype=formats.ODT.content_type), formats.ODT),
    "ods": (archive("content.xml", mimetype=formats.ODS.content_type), formats.ODS),
    "odp": (archive("content.xml", mimetype=formats.ODP.content_type), formats.ODP),
    "doc": (compound("Root Entry", "WordDocument", "1Table"), formats.DOC),
    "xls": (compound("Root Entry", "Workbook"), formats.XLS),
    "old xls": (compound("Root Entry", "Book"), formats.XLS),
    "ppt": (compound("Root Entry", "PowerPoint Document"), formats.PPT),
    "rtf": (b"{\\rtf1\\ansi hello}", formats.RTF),
    "zip": (archive("Приказы/1.pdf", "setup.exe"), formats.ZIP),
    "heic": (box(b"ftyp", b"mif1" + bytes(4) + b"mif1heic") + bytes(100), formats.HEIC),
    "png": (picture("PNG"), formats.PNG),
    "jpeg": (picture("JPEG"), formats.JPEG),
    "webp": (picture("WEBP"), formats.WEBP),
    "gif": (picture("GIF"), formats.PNG),
    "mp4": (film(), formats.MP4),
    "mov": (film(b"qt  ", (b"vide",)), formats.MOV),
    "m4a": (film(b"M4A ", (b"soun",)), formats.M4A),
    "m4a of a phone": (film(b"mp42", (b"soun",)), formats.M4A),
    "webm": (matroska(), formats.WEBM),
    "recorded sound": (matroska(codec=b"A_OPUS"), formats.WEBM_SOUND),
    "mp3": (mp3(), formats.MP3),
    "mp3 with tags": (b"ID3\x04\x00\x00\x00\x00\x02\x01".ljust(267, b"\0") + mp3(), formats.MP3),
    "ogg": (b"OggS\0\2" + bytes(22) + b"OpusHead" + bytes(100), formats.OGG),
    "wav": (wav(), formats.WAV),
}

HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(2)</script></svg>"
MACROS = archive(OOXML, "word/document.xml", "word/vbaProject.bin")
# As a real one: half a gigabyte of one letter, promised by the table of contents.
ZIP_BOMB = promising(archive(OOXML, "word/document.xml"), 500_000_000)
# Content and name of what is refused, with the code of the refusal.
BAD: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "a.pdf", "file_empty"),
    "svg": (SVG, "a.svg", "file_type_refused"),
    "svg called a picture": (SVG, "a.png", "file_type_refused"),
    "svg called a text": (b"\xef\xbb\xbf \r\n" + SVG, "a.txt", "file_type_refused"),
    "page called a picture": (HTML, "photo.jpg", "file_type_refused"),
    "page called a text": (HTML, "a.txt", "file_type_refused"),
    "xml": (b"<?xml version='1.0'?><a/>", "a.txt", "file_type_refused"),
    "php": (b"<?php system($_GET['c']);", "a.php", "file_type_refused"),
    "php called a table": (b"<?php system($_GET['c']);", "a.csv", "file_type_refused"),
    "script of a shell": (b"#!/bin/sh\nrm -rf /\n", "a.txt", "file_type_refused"),
    "script of Windows": (b"@echo off\r\ndel *.*\r\n", "a.bat", "file_type_refused"),
    "program": (b"MZ\x90\0" + bytes(200), "a.pdf", "file_type_refused"),
    "program of Linux": (b"\x7fELF" + bytes(200), "a", "file_type_refused"),
    "text with a nul": (b"hello\0world", "a.txt", "file_type_refused"),
    "text of neither encoding": (b"hello \x98\xff\n", "a.txt", "file_type_refused"),
    "program of Java": (archive("META-INF/MANIFEST.MF", "A.class"), "a.zip", "file_type_refused"),
    "program of Android": (archive("AndroidManifest.xml", "classes.dex"), "a.zip", "file_type_refused"),
    "book": (archive("a.xml", mimetype="application/epub+zip"), "a.epub", "file_type_refused"),
    "template of a text": (archive("a", mimetype=formats.ODT.content_type + "-template"), "a", "file_type_refused"),
    "unknown office": (archive(OOXML, "visio/document.xml"), "a.docx", "file_type_refused"),
    "binary table": (archive(OOXML, "xl/workbook.bin"), "a.xlsx", "file_type_refused"),
    "letter of Outlook": (compound("Root Entry", "__nameid_version1.0"), "a.doc", "file_type_refused"),
    "sound of another kind": (b"ID3\x04\0\0\0\0\0\0" + b"\xff\xf1\x50\x80" * 50, "a.mp3", "file_type_refused"),
    "one frame": (mp3(1), "a.mp3", "file_type_refused"),
    "matroska": (matroska(b"matr"), "a.webm", "file_type_refused"),
    "webm without tracks": (matroska(codec=b"S_TEXT"), "a.webm", "file_type_refused"),
    "film of an old phone": (film(b"3gp4"), "a.mp4", "file_type_refused"),
    "film without tracks": (film(tracks=()), "a.mp4", "file_type_refused"),
    "newer picture": (box(b"ftyp", b"avif" + bytes(4) + b"mif1avif") + bytes(99), "a.jpg", "file_type_refused"),
    "theora": (b"OggS\0\2" + bytes(22) + b"\x80theora" + bytes(100), "a.ogg", "file_type_refused"),
    "bmp": (picture("BMP"), "a.png", "file_type_refused"),
    "tiff": (picture("TIFF"), "a.png", "file_type_refused"),
    "icon": (picture("ICO"), "a.png", "file_type_refused"),
    "macros in a document": (MACROS, "a.docx", "file_with_macros"),
    "macros under an open name": (MACROS, "a.docm", "file_with_macros"),
    "macros in a table": (archive(OOXML, "xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsx", "file_with_macros"),
    "macros of Excel 4": (archive(OOXML, "xl/workbook.xml", "xl/macrosheets/s.xml"), "a.xlsx", "file_with_macros"),
    "macros in OpenDocument": (archive("Basic/a.xml", mimetype=formats.ODS.content_type), "a.ods", "file_with_macros"),
    "macros before 2007": (compound("Root Entry", "WordDocument", "Macros"), "a.doc", "file_with_macros"),
    "macros in an old table": (compound("Root Entry", "Workbook", "_VBA_PROJECT_CUR"), "a.xls", "file_with_macros"),
    "bomb called a document": (ZIP_BOMB, "a.docx", "file_unpacks_too_large"),
    "bomb by its word": (promising(archive("a"), 0xFFFFFFFF), "a.zip", "file_unpacks_too_large"),
    "half a document": (GOOD["docx"][0][:-30], "a.docx", "file_damaged"),
    "half a directory": (GOOD["zip"][0].replace(b"PK\x01\x02", b"PK\x01\x03"), "a.zip", "file_damaged"),
    "half an old document": (GOOD["doc"][0][:600], "a.doc", "file_damaged"),
    "loop in an old document": (compound("A")[:516] + b"\x01\0\0\0" + compound("A")[520:], "a.doc", "file_damaged"),
    "half a film": (film()[:400], "a.mp4", "file_damaged"),
    "half a picture": (picture(size=(400, 300))[:-60], "a.png", "file_broken_picture"),
    "half a photo": (picture("JPEG", (400, 300))[:300], "a.jpg", "file_broken_picture"),
    "half an animation": (picture("GIF", (400, 300))[:60], "a.gif", "file_broken_picture"),
    "head of a picture": (b"\x89PNG\r\n\x1a\n", "a.png", "file_broken_picture"),
    "picture and script": (b"GIF89a/*" + b"\xff" * 20 + b"*/=1;alert(1)//;", "a.gif", "file_broken_picture"),
    "bomb of pixels": (bomb(30_000, 30_000), "a.png", "file_too_many_pixels"),
    "long bomb of pixels": (bomb(40_000_000, 2), "a.png", "file_too_many_pixels"),
    "no pixels": (bomb(0, 0), "a.png", "file_broken_picture"),
}
