"""The wish to delete an account, and archives of one's own data."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_rules_of_use_accepted"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountDeletion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked for at")),
                ("due_at", models.DateTimeField(verbose_name="carried out not before")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deletion",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "deletion of an account",
                "verbose_name_plural": "deletions of accounts",
                "indexes": [models.Index(fields=["due_at"], name="account_deletion_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("asked_at"))), name="account_deletion_due_after"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "is being put together"),
                            ("ready", "ready"),
                            ("failed", "did not come off"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("requested_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked for at")),
                ("ready_at", models.DateTimeField(blank=True, null=True, verbose_name="ready at")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="kept until")),
                ("file", models.FileField(blank=True, upload_to="exports", verbose_name="archive")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="bytes")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "archive of a person's data",
                "verbose_name_plural": "archives of people's data",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")), fields=("user",), name="export_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "ready", "failed"])), name="export_state_known"
                    ),
                ],
            },
        ),
    ]
