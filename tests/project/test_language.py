"""The interface speaks Russian: every text has its translation, and nothing is written past the translations."""

import ast
import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django.apps import apps

from sferum_admin.management.commands.makemessages import KEYWORDS
from sferum_admin.package_texts import WORDED_BY_US
from tests.project.source import ROOT, assert_none, modules, templates
from tests.project.texts import FUNCTIONS, Text, all_texts, texts_of_python, texts_of_template

CATALOGUE = ROOT / "sferum_admin" / "locale" / "ru" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
CYRILLIC = re.compile("[А-Яа-яЁё]")
# An English sentence may hold a Russian example: «Classes are called 5А, 5Б».
ENGLISH = re.compile("[A-Za-z]{3}")
# Where Russian letters are data, not words of the interface.
RUSSIAN_DATA = {
    "movement/selectors/hygiene/data.py": "letters that look alike in both alphabets",
    "movement/selectors/years/usual.py": "what groups of a kindergarten are called by age",
    "orgs/vocabulary.py": "the words of each kind of organization",
    "orgs/services/organization.py": "transliteration into addresses",
    "registration/regions.py": "the regions' names",
    "roster/selectors.py": "ё is compared as е",
    "roster/sheets.py": "the invented people of the example file",
    "orgs/services/structure.py": "letters of classes, «5А»",
    "orgs/forms/structure.py": "examples of the names of classes",
    "common/text.py": "ё is compared as е",
    "accounts/devices.py": "the names of browsers",
    "invitations/tokens.py": "letters that look alike in both alphabets",
    "sferum_admin/settings.py": "the languages' own names",
}
# Headings of tables are data: exports write them and imports understand them, whatever language the reader speaks.
RUSSIAN_FOLDERS = ("sferum_admin/demo/", "roster/reading/", "roster/export/")


@cache
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE / "django.po"))


@cache
def entries() -> dict[tuple[str | None, str], polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue() if not entry.obsolete}


def untranslated(text: Text) -> str | None:
    """What is wrong with the translation of `text`, if anything."""
    entry = entries().get(text.key)
    if entry is None:
        return "not in the catalogue (make messages)"
    if entry.fuzzy:
        return "fuzzy"
    if text.plural is not None:
        if entry.msgid_plural != text.plural:
            return f"another plural in the catalogue: {entry.msgid_plural!r}"
        if set(entry.msgstr_plural) != {0, 1, 2} or not all(entry.msgstr_plural.values()):
            return "needs three plural forms"
    elif not entry.msgstr:
        return "empty"
    return None


def test_every_text_has_a_russian_translation() -> None:
    texts = all_texts()
    assert texts
    assert_none(sorted({f"{t.place}: {t.msgid!r}: {why}" for t in texts if (why := untranslated(t))}))


def placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text)}


def test_translations_keep_the_placeholders() -> None:
    wrong = []
    for entry in entries().values():
        wanted = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
        if entry.msgid_plural:
            # «Один класс» may leave the number out, the other forms may not.
            one, few, many = (placeholders(entry.msgstr_plural.get(form, "")) for form in range(3))
            is_kept = one <= wanted and few == many == wanted
        else:
            is_kept = placeholders(entry.msgstr) == wanted
        if not is_kept:
            wrong.append(entry.msgid)
    assert_none(wrong)


def test_translations_begin_and_end_as_their_texts() -> None:
    """A lost space or newline at an end glues words together on the page."""
    wrong = [
        entry.msgid
        for entry in entries().values()
        if entry.msgstr
        and (
            entry.msgid[:1].isspace() != entry.msgstr[:1].isspace()
            or entry.msgid[-1:].isspace() != entry.msgstr[-1:].isspace()
        )
    ]
    assert_none(wrong)


def test_translations_are_typographic() -> None:
    """«Ёлочки» instead of straight quotes, a dash instead of a hyphen between words, no words of machines."""
    unkind = re.compile(r"""["“”]|\s-\s|\.\.\.|\b(объект|сущност|успешно)""", re.IGNORECASE)
    wrong = [
        f"{entry.msgid!r}: {text}"
        for entry in entries().values()
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if (found := unkind.search(re.sub(r"<[^>]*>", "", text))) and found[0]
    ]
    assert_none(wrong)


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in polib.mofile(str(CATALOGUE / "django.mo"))
    }
    written = {
        key: (entry.msgstr, entry.msgstr_plural) for key, entry in entries().items() if entry.translated() and key[1]
    }
    assert compiled == written


def test_the_catalogue_holds_nothing_unused() -> None:
    used = {text.key for text in all_texts()}
    assert_none(
        f"{msgid!r} (in sferum_admin/package_texts.py, if a package's)"
        for context, msgid in entries()
        if (context, msgid) not in used
    )
    assert_none([entry.msgid for entry in catalogue() if entry.obsolete])


def test_texts_of_packages_are_still_theirs() -> None:
    assert_none(set(WORDED_BY_US) - package_texts())


@cache
def package_texts() -> set[str]:
    """The texts of the installed apps that are not ours, from any catalogue they bring and from their templates."""
    texts: set[str] = set()
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if ROOT in folder.parents and "site-packages" not in folder.parts:
            continue
        for path in sorted(folder.glob("locale/*/LC_MESSAGES/django.mo"))[:1]:
            texts.update(entry.msgid for entry in polib.mofile(str(path)))
        for path in folder.rglob("templates/**/*.html"):
            texts.update(text.msgid for text in texts_of_template(str(path), path.read_text(encoding="utf-8")))
        for path in folder.rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "gettext" in source:
                texts.update(text.msgid for text in texts_of_python(str(path), ast.parse(source)))
    return texts


# --- Nothing is written past the translations ------------------------------------------------------------------------
def test_templates_hold_no_russian_words() -> None:
    found = [
        f"{path}:{number} {line.strip()[:100]}"
        for path, text in templates().items()
        for number, line in enumerate(_without_comments(text).splitlines(), 1)
        if CYRILLIC.search(line)
    ]
    assert_none(found)


def _without_comments(text: str) -> str:
    """The text without comments and without what is translated anyhow."""
    comments = r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->"
    translated = r"{% trans(?:late)? .*?%}|{% blocktrans(?:late)? .*?{% endblocktrans(?:late)? %}"
    pattern = re.compile(f"{comments}|{translated}", re.DOTALL)
    return pattern.sub(lambda match: "\n" * match[0].count("\n"), text)


def test_texts_are_english_in_the_code() -> None:
    russian = [text for text in all_texts() if CYRILLIC.search(text.msgid) and not ENGLISH.search(text.msgid)]
    places = {text for path in RUSSIAN_DATA for text in russian if text.place.startswith(f"{path}:")}
    assert_none(f"{text.place} {text.msgid!r}" for text in russian if text not in places)


def test_code_holds_no_russian_words() -> None:
    found = []
    for module in modules():
        if module.path in RUSSIAN_DATA or module.path.startswith(RUSSIAN_FOLDERS):
            continue
        docstrings = _docstrings(module.tree)
        for node in ast.walk(module.tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
            if is_text and CYRILLIC.search(node.value) and not ENGLISH.search(node.value):
                found.append(f"{module.path}:{node.lineno} {node.value[:80]!r}")
    assert_none(found)


def _docstrings(tree: ast.Module) -> set[int]:
    """The ids of nodes that are docstrings or bare texts: comments by nature."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def test_exceptions_are_still_needed() -> None:
    with_russian = {module.path for module in modules() if CYRILLIC.search(module.text)}
    assert set(RUSSIAN_DATA) <= with_russian


def test_make_messages_knows_every_name_of_the_translation_functions() -> None:
    """`makemessages` sees names, not imports: under an unknown one it would drop the text from the catalogue."""
    unknown = [
        f"{module.path}:{node.lineno} {alias.name} as {alias.asname}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in FUNCTIONS and alias.asname not in {None, "_", *KEYWORDS}
    ]
    assert_none(unknown)


# --- The gathering itself ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "msgid", "plural", "context"),
    [
        ('{% translate "People" %}', "People", None, None),
        ("{% trans 'People' as title %}", "People", None, None),
        ('{% translate "May" context "month" %}', "May", None, "month"),
        ('{{ x|default:_("none") }}', "none", None, None),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}", "Hello %(name)s", None, None),
        (
            "{% blocktranslate trimmed count n=list|length %}\n {{ n }} class\n{% plural %}\n {{ n }} classes\n"
            "{% endblocktranslate %}",
            "%(n)s class",
            "%(n)s classes",
            None,
        ),
        (
            '{% blocktranslate context "unit" trimmed %}\n 100% of\n it{% endblocktranslate %}',
            "100%% of it",
            None,
            "unit",
        ),
    ],
)
def test_texts_of_templates_are_found(source: str, msgid: str, plural: str | None, context: str | None) -> None:
    (text,) = texts_of_template("a.html", source)
    assert (text.msgid, text.plural, text.context) == (msgid, plural, context)


def test_commented_texts_of_templates_do_not_count() -> None:
    assert (
        list(texts_of_template("a.html", '{# {% translate "a" %} #}{% comment %}{% trans "b" %}{% endcomment %}')) == []
    )


def test_texts_of_code_are_found_under_any_name() -> None:
    code = """
from django.utils import translation
from django.utils.translation import gettext as _t, ngettext, pgettext_lazy
_t("a" "b"); ngettext("one", "many", n); pgettext_lazy("ctx", "c"); translation.gettext("d"); _t(variable); _("e")
"""
    found = {(text.context, text.msgid, text.plural) for text in texts_of_python("a.py", ast.parse(code))}
    assert found == {(None, "ab", None), (None, "one", "many"), ("ctx", "c", None), (None, "d", None)}
