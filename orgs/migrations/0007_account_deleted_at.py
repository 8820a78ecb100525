"""When the account of a person was deleted by its owner."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0006_quick_filters_of_the_journal"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="account_deleted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="account deleted at"),
        ),
    ]
