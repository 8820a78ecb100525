"""`manage.py write_statistics_guide`: the formulas of docs/guide-statistics.md, from the catalogue."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from stats.guide import with_figures

GUIDE = Path(settings.BASE_DIR) / "docs" / "guide-statistics.md"


class Command(BaseCommand):
    help = "Write the formulas of docs/guide-statistics.md from the catalogue of figures."

    def handle(self, *args: Any, **options: Any) -> None:
        GUIDE.write_text(with_figures(GUIDE.read_text()))
