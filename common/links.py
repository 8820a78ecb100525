"""Addresses that people write into texts: which become links, where they lead, what readers must be told about them."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from linkify_it import LinkifyIt

# What is longer is text: nobody reads such an address, and looking for its end would take long.
MOST_ADDRESS = 2000
# Zones whose addresses are links without «https://». Not all there are: «main.py» and «readme.md» are files.
ZONES = [
    *("ru", "su", "by", "kz", "uz", "kg", "am", "az", "tj", "me", "be", "io", "ai", "tv", "cc", "eu", "uk", "de", "fr"),
    *("com", "org", "net", "edu", "gov", "info", "biz", "pro", "app", "dev", "gle", "link", "online", "site"),
    *("school", "academy", "museum", "moscow", "tatar"),
]
_QUOTED = "/%:;?#[]=$&()+,!*@'~"
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")
_MAILBOX = re.compile(r"[^\s@\"<>]+@[^\s@\"<>?]+")
# Broad on purpose: a text that only might be read as an address shows where its link really leads. Paths do not count.
_SEEMS_ADDRESS = re.compile(r"((?:[\w-]+\.)+[^\W\d_][\w-]+)(?:[:/?#]\S*)?")


class Address(NamedTuple):
    """Where a link leads: `href` has nothing but plain characters in it, `place` is the host, or the mailbox."""

    href: str
    place: str
    is_mail: bool = False


class Found(NamedTuple):
    """A part of a text, with the address if it is one."""

    text: str
    address: Address | None


def _grammar() -> dict[str, str]:
    linkify = LinkifyIt()
    # «рф» comes with the package.
    linkify.tlds([*ZONES, *(zone for zone in linkify.tlds_default if not zone.isascii())])
    return linkify.re


# Compiled here and once: the package looks its patterns up by their text, which are tens of kilobytes.
_GRAMMAR = _grammar()
_URL = re.compile("https?://{src_auth}{src_host_port_strict}{src_path}".format_map(_GRAMMAR), re.IGNORECASE)
_WWW = re.compile(r"(^|[(\[«„“\"'])(www\.{src_host_port_strict}{src_path})".format_map(_GRAMMAR), re.IGNORECASE)
_BARE = re.compile(_GRAMMAR["link_no_ip_fuzzy"], re.IGNORECASE)
_EMAIL = re.compile(_GRAMMAR["email_fuzzy"], re.IGNORECASE)
_WORD = re.compile(r"[^\s<>]+")


def url_at(text: str, start: int, end: int) -> str:
    """Return the address that begins with http:// or https:// at `start` of `text`, or "" when there is none."""
    found = _URL.match(text, start, min(end, start + MOST_ADDRESS))
    return found[0].rstrip("*~") if found and len(found[0]) < MOST_ADDRESS else ""


def split_at_addresses(text: str, has_room: Callable[[], bool]) -> Iterator[Found]:
    """Yield the parts of `text`: addresses without a scheme (школа.рф, www.…, a@b.ru, mailto:…) and what is between.

    `has_room` is asked before each address; after a False the rest is text.
    """
    done = 0
    # Word by word: the grammar looks ahead for brackets and quotes, and that must not go on to the end of the text.
    for word in _WORD.finditer(text):
        if "." not in word[0] or len(word[0]) > MOST_ADDRESS:
            continue
        for start, written in _addresses_in(word[0]):
            address = address_of(written) if has_room() else None
            if address is None:
                continue
            start += word.start()
            if start > done:
                yield Found(text[done:start], None)
            yield Found(written, address)
            done = start + len(written)
    if done < len(text):
        yield Found(text[done:], None)


def _addresses_in(word: str) -> Iterator[tuple[int, str]]:
    patterns = (_EMAIL,) if "@" in word else (_WWW, _BARE) if "www." in word.lower() else (_BARE,)
    for pattern in patterns:
        matches = list(pattern.finditer(word))
        if matches:
            yield from ((match.start(2), match[2]) for match in matches)
            return


def address_of(written: str) -> Address | None:
    """Return where the address `written` leads, None unless it is http, https or mail without tricks in it."""
    scheme, colon, rest = written.partition(":")
    if colon and scheme.lower() == "mailto":
        return _mail(rest)
    if "://" not in written:
        if "@" in written:
            return _mail(written)
        if "." not in written.partition("/")[0]:
            return None
        written = f"http://{written}"
    try:
        parts = urlsplit(written)
        port = f":{parts.port}" if parts.port is not None else ""
        host = _ascii(parts.hostname or "")
    except ValueError:
        return None
    # «https://gosuslugi.ru@evil.ru» leads to evil.ru.
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    tail = written.partition("://")[2][len(parts.netloc) :]
    return Address(f"{parts.scheme}://{host}{port}{_quoted(tail)}", host)


def _mail(written: str) -> Address | None:
    mailbox = _MAILBOX.match(written)
    return Address(f"mailto:{_quoted(written)}", mailbox[0].lower(), is_mail=True) if mailbox else None


def _quoted(text: str) -> str:
    return quote(text, safe=_QUOTED, errors="replace")


@lru_cache(maxsize=1000)
def _ascii(host: str) -> str:
    """The host as the network knows it; raises `ValueError` for what cannot be one."""
    return host.encode("idna").decode("ascii")


def to_tell(address: Address, label: str = "") -> str:
    """Return what must stand in brackets after a link to `address`, or "".

    That is where it really leads when its `label` could be read as another address, and when its host mixes alphabets
    («gоsuslugi.ru» with a Russian «о»): then in the form in which the network knows it.
    """
    if address.is_mail:
        seems_another = _SEEMS_ADDRESS.search(label) and label.strip().lower() != address.place
        return address.place if seems_another else ""
    shown = _unicode(address.place)
    if _mixes_alphabets(shown):
        return address.place
    seeming = {_bare(text) for text in _SEEMS_ADDRESS.findall(unicodedata.normalize("NFKC", label))}
    return shown if seeming - {_bare(shown), _bare(address.place)} else ""


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.").rstrip(".")


@lru_cache(maxsize=1000)
def _unicode(host: str) -> str:
    """The host as people read it."""
    try:
        return host.encode("ascii").decode("idna")
    except ValueError:
        return host


def _mixes_alphabets(host: str) -> bool:
    letters = [char for char in host.removeprefix("www.") if char.isalpha()]
    return len({char.isascii() for char in letters}) > 1
