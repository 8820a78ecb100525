"""Pupils of primary grades sign in with a code sent to a parent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_push_devices"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="parent_email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail of a parent"),
        ),
        migrations.AlterField(
            model_name="user",
            name="phone",
            field=models.CharField(blank=True, max_length=16, null=True, unique=True, verbose_name="phone"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                condition=models.Q(("parent_email", ""), _negated=True), fields=["parent_email"], name="user_of_parent"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("parent_email", ""), ("phone__isnull", False)),
                    models.Q(("phone", None), models.Q(("parent_email", ""), _negated=True)),
                    _connector="OR",
                ),
                name="user_phone_or_parent_email",
            ),
        ),
    ]
