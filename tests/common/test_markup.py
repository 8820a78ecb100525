"""What people write is shown as they meant it, and can do no harm."""

import re
from html.parser import HTMLParser

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from common import marks
from common.errors import DomainError
from common.markup import MOST_MENTIONS, mentioned_ids, mentions_all, to_html, to_plain

NAMES = {12: "Анна <Б>", 7: "Устин Учёный"}


def link(href: str, text: str) -> str:
    return f'<a href="{href}" target="_blank" rel="noopener noreferrer nofollow">{text}</a>'


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize(
    ("typed", "shown", "words"),
    [
        # --- marks
        ("**Важно**: завтра", "<strong>Важно</strong>: завтра", "Важно: завтра"),
        ("*тихо* и _тоже_", "<em>тихо</em> и <em>тоже</em>", "тихо и тоже"),
        ("***оба***", "<em><strong>оба</strong></em>", "оба"),
        ("~~в 17~~ в 18", "<s>в 17</s> в 18", "в 17 в 18"),
        ("~не~ ~~~не~~~", "~не~ ~~~не~~~", "~не~ ~~~не~~~"),
        ("2*3*4, a**2**b, snake_case_name", None, "2*3*4, a**2**b, snake_case_name"),
        ("5 * 3 * 2 и 500* (*без НДС)", None, "5 * 3 * 2 и 500* (*без НДС)"),
        ("***** Внимание *****", None, "***** Внимание *****"),
        ("¯\\_(ツ)_/¯", None, "¯\\_(ツ)_/¯"),
        ("**a *b **c** d* e**", "<strong>a <em>b c d</em> e</strong>", "a b c d e"),
        ("`a < *b*`", "<code>a &lt; *b*</code>", "a < *b*"),
        # --- lines
        (
            "раз\nдва\n\n\nтри **четыре**",
            "раз<br>два<br><br><br>три <strong>четыре</strong>",
            "раз\nдва\n\n\nтри четыре",
        ),
        ("Тише. Едешь\nДальше", "Тише. Едешь<br>Дальше", "Тише. Едешь\nДальше"),
        ("# Тема\n---\n| а | б |", "# Тема<br>---<br>| а | б |", "# Тема\n---\n| а | б |"),
        # --- quotes: the answer stands outside
        (
            "> вопрос\n> *второй*\nответ",
            "<blockquote>вопрос<br><em>второй</em></blockquote>ответ",
            "вопрос\nвторой\nответ",
        ),
        ("> а\n> > б", "<blockquote>а<blockquote>б</blockquote></blockquote>", "а\nб"),
        ("3 > 2 и >5", None, "3 > 2 и >5"),
        # --- lists: numbers stay as typed
        (
            "Купить:\n- хлеб\n- *соль*\nи всё",
            "Купить:<ul><li>хлеб</li><li><em>соль</em></li></ul>и всё",
            "Купить:\nхлеб\nсоль\nи всё",
        ),
        ("5. пять\n7. семь", '<ol><li value="5">пять</li><li value="7">семь</li></ol>', "5. пять\n7. семь"),
        ("- а\n  - б", "<ul><li>а<ul><li>б</li></ul></li></ul>", "а\nб"),
        ("-5 градусов\n* звёздочка\n+ согласна\n1) раз", None, "-5 градусов\n* звёздочка\n+ согласна\n1) раз"),
        # --- code
        (
            "```py\nif a<b:\n\n    *c*\n```\nвот",
            "<pre><code>if a&lt;b:\n\n    *c*</code></pre>вот",
            "if a<b:\n\n    *c*\nвот",
        ),
        ("```Важно: **да**```", "<code>Важно: **да**</code>", "Важно: **да**"),
        ("```Важно: да\nи нет", None, "```Важно: да\nи нет"),
        # --- nothing to see but the marks
        ("**", "**", "**"),
        ("> ", "&gt; ", "> "),
        ("```\n```", "```<br>```", "```\n```"),
        # --- no HTML, no pictures
        ("<b>x</b> &amp; \"'", "&lt;b&gt;x&lt;/b&gt; &amp;amp; &quot;&#x27;", "<b>x</b> &amp; \"'"),
        ("![кот](http://a.ru/k.png)", "!" + link("http://a.ru/k.png", "кот"), "!кот"),
    ],
)
def test_marks_are_what_people_mean(typed: str, shown: str | None, words: str) -> None:
    assert to_html(typed) == (typed.replace(">", "&gt;").replace("\n", "<br>") if shown is None else shown)
    assert to_plain(typed) == words


RASP = "http://xn--80atdl2c.xn--p1ai"


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://a.ru/my_file_x_/?q=1.", link("https://a.ru/my_file_x_/?q=1", "https://a.ru/my_file_x_/?q=1") + "."),
        ("https://a.ru?a&b", link("https://a.ru?a&amp;b", "https://a.ru?a&amp;b")),
        ("сайт Школа.рф/план, да", "сайт " + link(f"{RASP}/%D0%BF%D0%BB%D0%B0%D0%BD", "Школа.рф/план") + ", да"),
        ("(www.Школа.москва)", "(" + link("http://www.xn--80atdl2c.xn--80adxhks", "www.Школа.москва") + ")"),
        ("**https://a.ru**", f"<strong>{link('https://a.ru', 'https://a.ru')}</strong>"),
        ("*t.me/x*", f"<em>{link('http://t.me/x', 't.me/x')}</em>"),
        ("пишите: a.b@school.ru!", "пишите: " + link("mailto:a.b@school.ru", "a.b@school.ru") + "!"),
        ("mailto:a@b.ru", link("mailto:a@b.ru", "mailto:a@b.ru")),
        ("[План](https://a.ru/p_(2))", link("https://a.ru/p_(2)", "План")),
        ("[**План**]( школа.рф )", link(RASP, "<strong>План</strong>")),
        ("https://a.ru//b.ru", link("https://a.ru//b.ru", "https://a.ru//b.ru")),
        # Files and times are no addresses.
        ("main.py, отчёт.docx, т.е. 18.00", "main.py, отчёт.docx, т.е. 18.00"),
        ("`https://a.ru`", "<code>https://a.ru</code>"),
    ],
)  # fmt: skip
def test_addresses_become_links(typed: str, shown: str) -> None:
    assert to_html(typed) == shown


@pytest.mark.req("CHAT-4", "CHAT-9")
@pytest.mark.parametrize(
    "typed",
    [
        "[x](javascript:alert(1))",
        "[x](JavaScript://a.ru/%0aalert(1))",
        "[x](data:text/html,x)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](ftp://a.ru)",
        "[x](//evil.ru)",
        "[см](ниже)",
        "https://gosuslugi.ru@evil.ru/",
        "[x](https://gosuslugi.ru@evil.ru/)",
        "[x](https://a.ru\\@evil.ru/)",
        "[x](https://[::1/)",
        "[x](https://a.ru:99999/)",
    ],
)
def test_dangerous_addresses_stay_text(typed: str) -> None:
    assert to_html(typed) == typed


@pytest.mark.req("CHAT-9")
@pytest.mark.parametrize(
    ("typed", "href", "text"),
    [
        ("[gosuslugi.ru](https://evil.ru/x)", "https://evil.ru/x", "gosuslugi.ru (evil.ru)"),
        ("[https://gosuslugi.ru/a.ru](https://evil.ru)", "https://evil.ru", "https://gosuslugi.ru/a.ru (evil.ru)"),
        ("[a.ru на gosuslugi.ru](https://a.ru)", "https://a.ru", "a.ru на gosuslugi.ru (a.ru)"),
        ("[gosuslugi．ru](https://evil.ru)", "https://evil.ru", "gosuslugi．ru (evil.ru)"),
        ("[директор@a.ru](mailto:evil@b.ru)", "mailto:evil@b.ru", "директор@a.ru (evil@b.ru)"),
        # A host that mixes alphabets: the «о» is Russian.
        ("гоsuslugi.ru", "http://xn--suslugi-qgg3h.ru", "гоsuslugi.ru (xn--suslugi-qgg3h.ru)"),
        ("[вход](https://gоsuslugi.ru)", "https://xn--gsuslugi-nbh.ru", "вход (xn--gsuslugi-nbh.ru)"),
        ("https://аррӏе.com", "https://xn--80ak6aa92e.com", "https://аррӏе.com (xn--80ak6aa92e.com)"),
        # The same address needs no telling.
        ("[https://www.a.ru/index.html](https://a.ru/)", "https://a.ru/", "https://www.a.ru/index.html"),
        ("[школа.рф](https://xn--80atdl2c.xn--p1ai)", "https://xn--80atdl2c.xn--p1ai", "школа.рф"),
        ("[a@b.ru](mailto:a@b.ru)", "mailto:a@b.ru", "a@b.ru"),
    ],
)
def test_a_link_tells_where_it_really_leads(typed: str, href: str, text: str) -> None:
    assert to_html(typed) == link(href, text)
    assert to_plain(typed) == text


# --- Mentions ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4")
def test_mentions_are_names_and_the_unknown_are_not_told() -> None:
    typed = "@[12], @[999] и **@[7]**"
    known = '<span class="mention" data-person="{}">@{}</span>'
    assert to_html(typed, mentions=NAMES) == (
        known.format(12, "Анна &lt;Б&gt;") + ", @… и <strong>" + known.format(7, "Устин Учёный") + "</strong>"
    )
    assert to_plain(typed, mentions=NAMES) == "@Анна <Б>, @… и @Устин Учёный"
    assert mentioned_ids(typed + " @[7]") == [12, 999, 7]


@pytest.mark.req("CHAT-4")
def test_all_are_addressed_by_those_who_may() -> None:
    with translation.override("ru"):
        assert to_html("@all!", mentions_all=True) == '<span class="mention mention-all">@все</span>!'
        assert to_plain("@all!", mentions_all=True) == "@все!"
        assert to_html("@all!") == to_plain("@all!") == "@all!"
    assert mentions_all("Коллеги, @all: сбор")


@pytest.mark.parametrize(
    "typed", ["`@[12] @all`", "```\n@[12] @all\n```", "me@all.ru", "@alla", "@[x]", "@[012]", "@[]", "@@all", "@"]
)
def test_what_only_looks_like_a_mention_is_none(typed: str) -> None:
    assert mentioned_ids(typed) == []
    assert not mentions_all(typed)
    assert "mention" not in to_html(typed, mentions=NAMES, mentions_all=True)


@pytest.mark.req("CHAT-4")
def test_ten_thousand_mentions_are_refused_and_a_class_is_not() -> None:
    assert len(mentioned_ids(" ".join(f"@[{number}]" for number in range(1, MOST_MENTIONS + 1)))) == MOST_MENTIONS
    assert mentioned_ids("@[12]" * 10_000) == [12]
    with pytest.raises(DomainError) as refusal:
        mentioned_ids(" ".join(f"@[{number}]" for number in range(1, 10_001)))
    assert (refusal.value.code, refusal.value.status) == ("mentions_many", 400)
    assert "text" in refusal.value.fields


def test_words_in_one_line() -> None:
    assert to_plain("**Список**:\n\n- хлеб\n- соль\nвсё", one_line=True) == "Список: хлеб соль всё"
    assert to_plain("раз\n два", one_line=True) == "раз два"


# --- Whatever is typed ------------------------------------------------------------------------------------------------
ATTRIBUTES = {
    "a": {"href", "target", "rel"},
    "span": {"class", "data-person"},
    "li": {"value"},
    **{tag: set() for tag in ("strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "br")},
}


class Reader(HTMLParser):
    """Refuses whatever must never come out; knows how deep it went and what was read."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.depth = 0
        self.words: list[str] = []
        self.counts: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _value in attrs} <= ATTRIBUTES[tag], (tag, attrs)
        values = dict(attrs)
        if tag == "a":
            assert re.match(r"(https?://[a-z0-9]|mailto:)", values["href"] or ""), attrs
            assert values["href"].isascii()
            assert (values["target"], values["rel"]) == ("_blank", "noopener noreferrer nofollow")
        assert tag not in set(self.opened) - {"blockquote", "ul", "ol", "li"}, "inside itself"
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if tag != "br":
            self.opened.append(tag)
            self.depth = max(self.depth, len(self.opened))

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(to_html(text, mentions=NAMES, mentions_all=True))
    reader.close()
    assert reader.opened == []
    return reader


PIECES = st.sampled_from([
    *"*_`~[]()<>@#-!&\"'\\\n \t.:/|\u200d\u0301\ud800\x00", "**", "~~", "```", "```\n", "> ", "\n> ", "- ", "\n- ",
    "\n1. ", "](", "[x](", "@[12]", "@[5]", "@all", "http://", "https://a.ru", "www.", "школа.рф", "a@b.ru", "mailto:",
    "javascript:alert(1)", "<script>", "<img src=x onerror=y>", "&lt;", "слово", "Ёж", "x_y", "xn--", "👨‍👩‍👧",
])  # fmt: skip
ANY_TEXT = st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60))


@pytest.mark.req("CHAT-4")
@given(ANY_TEXT)
@example("[x](https://a.ru?'onclick='x)")
@example('[x](https://a.ru/"onmouseover="y)')
@example("*a _b* c_ **d ~~e** f~~ [g *h](http://a.ru) i*")
def test_nothing_but_our_own_tags_comes_out(text: str) -> None:
    read(text)
    assert "<script" not in to_html(text)
    to_plain(text, mentions=NAMES)


@given(ANY_TEXT)
def test_no_letter_is_lost(text: str) -> None:
    """Marks may go; words never do, however deep they lie."""
    visible = re.findall(r"[А-яёЁ]+", text)
    shown = "".join(read(text).words)
    assert all(word in shown for word in visible)


@given(
    st.lists(st.sampled_from(["слово", "Да!", " ", "\n", "?", ", ", "«", "»", "5", "<", "&"]), max_size=20).map("".join)
)
def test_the_short_way_shows_the_same_as_the_long_one(text: str) -> None:
    """A text without marks takes the short way; with a mention before it, the long one."""

    def seen(html: str) -> str:
        return re.sub(r" *<br> *| +", lambda found: "<br>" if "<" in found[0] else " ", html)

    assert seen(to_html(f"@[5]{text.strip()}")) == seen(f"@…{to_html(text.strip())}")


# --- Bounds -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("unit", ["*", "[", ">", "> ", "- ", "1. ", "*a **b ", "_a *b ", "> - ", "~~a **b "])
def test_hostile_texts_nest_no_deeper_than_tags_differ(unit: str) -> None:
    text = (unit * 4000)[:4000]
    assert read(text).depth <= marks.MOST_LEVELS + 4
    assert read(text + text[::-1]).depth <= marks.MOST_LEVELS + 4


def test_too_many_marks_and_links_stay_text() -> None:
    assert read("*а* " * 1000).counts["em"] == marks.MOST_RUNS // 2
    for unit in ("a{}.ru ", "https://a{}.ru ", "[x](https://a{}.ru) "):
        typed = "".join(unit.format(number) for number in range(300))
        reader = read(typed)
        assert reader.counts["a"] == marks.MOST_LINKS
        assert "a299.ru" in "".join(reader.words)


def test_what_lies_too_deep_is_still_shown() -> None:
    assert read("> " * 50 + "слово").words[-1].endswith("> слово")
    nested = "\n".join(f"{'  ' * level}- слово{level}" for level in range(30))
    assert all(f"слово{level}" in to_html(nested) for level in range(30))
