"""Organizations that are older than channels get the two that exist from the start (CHAN-1)."""

from typing import Any

from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    """The same rows as `channels_app.services.system.make_system_channels`, which a migration must not call."""
    channel = apps.get_model("channels_app", "Channel")
    audience = apps.get_model("channels_app", "ChannelAudience")
    for organization in apps.get_model("orgs", "Organization").objects.all():
        for kind, circle in (("organization", "everyone"), ("staff", "staff")):
            made, is_new = channel.objects.get_or_create(organization=organization, kind=kind)
            if is_new:
                audience.objects.create(organization=organization, channel=made, audience=circle)


class Migration(migrations.Migration):
    dependencies = [("channels_app", "0002_walls_of_the_database")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
