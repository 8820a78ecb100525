"""A large work is undone by a job: a state of its own, in which nothing else begins."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0006_quick_filters_of_the_journal"),
        ("works", "0002_walls_of_the_database"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="work",
            name="work_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="work",
            name="work_one_at_a_time",
        ),
        migrations.RemoveIndex(
            model_name="work",
            name="work_open",
        ),
        migrations.AddField(
            model_name="work",
            name="undo_asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="undoing asked for at"),
        ),
        migrations.AlterField(
            model_name="work",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "waits"),
                    ("running", "under way"),
                    ("done", "done"),
                    ("failed", "failed"),
                    ("cancelled", "called off"),
                    ("undoing", "is being undone"),
                    ("undone", "undone"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="work",
            index=models.Index(
                condition=models.Q(("state__in", ("waiting", "running", "undoing"))), fields=["state"], name="work_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["waiting", "running", "done", "failed", "cancelled", "undoing", "undone"])
                ),
                name="work_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "running", "undoing"))),
                fields=("organization",),
                name="work_one_at_a_time",
            ),
        ),
    ]
