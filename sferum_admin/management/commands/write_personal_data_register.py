"""`manage.py write_personal_data_register`: docs/personal-data.md and docs/retention.md."""

from typing import Any

from django.core.management.base import BaseCommand

from sferum_admin.register_papers import papers


class Command(BaseCommand):
    help = "Writes docs/personal-data.md and docs/retention.md from what the apps declare in personal_data.py."

    def handle(self, *args: Any, **options: Any) -> None:
        for path, text in papers().items():
            path.write_text(text, encoding="utf-8")
