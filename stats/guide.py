"""The formulas of the head's guide, written from the catalogue: it cannot say another formula than is counted."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from stats.catalogue import COMPARED, FIGURES, GROUP_NAMES, HIDDEN, NORM_TEMPLATES, WITHOUT_DOUBTFUL, Figure

BEGIN = "<!-- figures: made by «make guide» -->"
END = "<!-- figures: end -->"


def with_figures(guide: str) -> str:
    """Return the text of the guide with its figures written anew between `BEGIN` and `END`.

    Raises `ValueError` where the marks are missing.
    """
    before, mark, rest = guide.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError("the guide has no place for the figures")
    return f"{before}{BEGIN}\n\n{figures_in_words()}\n{END}{after}"


def figures_in_words() -> str:
    """Return all figures with their formulas in Russian, as Markdown."""
    with override("ru"):
        general = [line for words in (COMPARED, HIDDEN, WITHOUT_DOUBTFUL) for line in (str(words), "")]
        return "\n".join([*general, *(line for group in GROUP_NAMES for line in _group(group))])


def _group(group: str) -> Iterator[str]:
    yield f"### {GROUP_NAMES[group]}"  # type: ignore[index]
    yield ""
    for figure in FIGURES:
        if figure.group == group:
            yield from _figure(figure)


def _figure(figure: Figure) -> Iterator[str]:
    yield f"**{figure.name}.** {figure.formula}"
    yield ""
    parts = [(_("Numerator"), figure.numerator), (_("Denominator"), figure.denominator)]
    yield from (f"- {name}: {words}." for name, words in parts if words)
    if figure.left_out:
        yield f"- {capfirst(str(figure.left_out))}"
    if figure.key in NORM_TEMPLATES:
        yield "- " + _("Template of a norm, off until switched on: at least %(percent)s %%.") % {
            "percent": NORM_TEMPLATES[figure.key]
        }
    yield ""
