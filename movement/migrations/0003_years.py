"""The draft of the next school year, and findings that are no problem."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [
        ("movement", "0002_walls_of_the_database"),
        ("orgs", "0005_staff_who_joined_are_confirmed"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.JSONField(default=dict, verbose_name="plan")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed at")),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orgs.person",
                        verbose_name="changed by",
                    ),
                ),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="year_plan",
                        to="orgs.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft of the next school year",
                "verbose_name_plural": "drafts of the next school year",
            },
        ),
        migrations.CreateModel(
            name="Dismissal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.CharField(max_length=30, verbose_name="finding")),
                ("key", models.CharField(max_length=60, verbose_name="what it is about, by numbers")),
                ("dismissed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="said at")),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orgs.person",
                        verbose_name="said by",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orgs.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding that is no problem",
                "verbose_name_plural": "findings that are no problem",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "group", "key"), name="dismissal_once")
                ],
            },
        ),
        same_organization("movement_yearplan", "changed_by_id", "orgs_person"),
        same_organization("movement_dismissal", "dismissed_by_id", "orgs_person"),
    ]
