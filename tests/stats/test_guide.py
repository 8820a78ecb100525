"""The head's guide says the formulas that are counted (STAT-5)."""

import pytest
from django.utils.translation import override

from stats.catalogue import FIGURES
from stats.guide import BEGIN, END, figures_in_words, with_figures
from stats.management.commands.write_statistics_guide import GUIDE


@pytest.mark.req("STAT-5")
def test_the_guide_is_written_from_the_catalogue() -> None:
    guide = GUIDE.read_text()
    assert with_figures(guide) == guide, "make guide"


@pytest.mark.req("STAT-5")
def test_every_figure_stands_in_the_guide_in_russian() -> None:
    words = figures_in_words()
    assert words.count("**") == 2 * len(FIGURES)
    with override("en"):
        assert not [figure.key for figure in FIGURES if str(figure.name) in words]


@pytest.mark.req("STAT-5")
def test_a_guide_without_a_place_for_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        with_figures("Руководство")
    assert with_figures(f"а{BEGIN}старое{END}б").startswith(f"а{BEGIN}\n\nНезавершённый")
