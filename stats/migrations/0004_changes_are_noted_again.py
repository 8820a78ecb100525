"""Tables that are watched were altered: SQLite forgets the triggers of a table that is remade."""

from django.db import migrations

from stats.triggers import install, remove


class Migration(migrations.Migration):
    dependencies = [
        ("stats", "0003_changes_are_noted"),
        ("accounts", "0003_pupils_without_a_phone"),
        ("orgs", "0005_staff_who_joined_are_confirmed"),
    ]

    operations = [migrations.RunPython(install, remove)]
