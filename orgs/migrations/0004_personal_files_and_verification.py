"""Numbers of personal files, confirmation of the status of staff, what passing to the next year needs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0003_who_sees_statistics"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="is_conditional",
            field=models.BooleanField(default=False, verbose_name="conditional transfer"),
        ),
        migrations.AddField(
            model_name="organization",
            name="inn",
            field=models.CharField(blank=True, max_length=12, verbose_name="INN"),
        ),
        migrations.AddField(
            model_name="organization",
            name="municipality",
            field=models.CharField(blank=True, max_length=120, verbose_name="municipality"),
        ),
        migrations.AddField(
            model_name="person",
            name="record_number",
            field=models.CharField(blank=True, max_length=40, verbose_name="number of the personal file"),
        ),
        migrations.AddField(
            model_name="person",
            name="verification",
            field=models.CharField(
                choices=[
                    ("not_confirmed", "not confirmed"),
                    ("on_review", "on review"),
                    ("confirmed", "confirmed"),
                    ("rejected", "rejected"),
                    ("withdrawn", "withdrawn"),
                ],
                default="not_confirmed",
                max_length=16,
                verbose_name="confirmation of the status",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="verification_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="person",
            name="verified_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
        ),
        migrations.AddField(
            model_name="unit",
            name="continues",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="continued_by",
                to="orgs.unit",
                verbose_name="continues the unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("inn", ""), ("inn__regex", "^([0-9]{10}|[0-9]{12})$"), _connector="OR"),
                name="organization_inn_digits",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("record_number", ""), _negated=True), ("merged_into", None)),
                fields=("organization", "record_number"),
                name="person_record_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verification__in", ["not_confirmed", "on_review", "confirmed", "rejected", "withdrawn"])
                ),
                name="person_verification_known",
            ),
        ),
    ]
