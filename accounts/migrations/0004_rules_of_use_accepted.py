"""Which version of the rules of use a user accepted, and when."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_pupils_without_a_phone"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="rules_version",
            field=models.CharField(blank=True, max_length=20, verbose_name="rules accepted, version"),
        ),
        migrations.CreateModel(
            name="RulesAcceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("accepted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="accepted at")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acceptances",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "acceptance of the rules",
                "verbose_name_plural": "acceptances of the rules",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "version"), name="rules_accepted_once"),
                    models.CheckConstraint(
                        condition=models.Q(("version", ""), _negated=True), name="rules_accepted_version"
                    ),
                ],
            },
        ),
    ]
