"""The table of users was altered: SQLite forgets the triggers of a table that is remade."""

from django.db import migrations

from stats.triggers import install, remove


class Migration(migrations.Migration):
    dependencies = [
        ("stats", "0004_changes_are_noted_again"),
        ("accounts", "0004_rules_of_use_accepted"),
    ]

    operations = [migrations.RunPython(install, remove)]
