"""From here on the database notes what has to be counted, whoever changes it (stats/triggers.py)."""

from django.db import migrations, models

from stats.triggers import install, remove

SOURCES = [
    ("presence", "presence"),
    ("message", "messages"),
    ("post", "posts"),
    ("comment", "comments"),
    ("reaction", "reactions"),
    ("view", "views"),
    ("reading", "required reading"),
    ("confirmation", "confirmations"),
    ("poll", "polls"),
    ("vote", "votes"),
    ("file", "files"),
    ("event", "events"),
    ("participation", "answers and attendance"),
    ("invitation", "invitations"),
    ("joining", "joinings"),
    ("journal", "journal"),
    ("roster", "roster"),
    ("gone", "messages whose time is over"),
    ("day", "day to be counted"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("stats", "0002_walls_of_the_database"),
        # The last one of every app whose tables are watched: SQLite forgets triggers when a table is remade.
        ("accounts", "0002_push_devices"),
        ("channels_app", "0004_time_of_reactions"),
        ("chats", "0003_fingerprints_of_messages"),
        ("files", "0003_same_organization"),
        ("invitations", "0004_first_opening"),
        ("meetings", "0002_walls_of_the_database"),
        ("orgs", "0003_who_sees_statistics"),
        ("polls", "0003_time_of_votes"),
        ("readings", "0002_walls_of_the_database"),
    ]

    operations = [
        migrations.AddField("daywindow", "with_roster", models.BooleanField(default=False)),
        migrations.AlterField(
            "change",
            "source",
            models.CharField(choices=SOURCES, max_length=16),
        ),
        migrations.RunPython(install, remove),
    ]
