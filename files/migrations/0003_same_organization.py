"""A logo is a file of its own organization."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_links_to_organizations"),
        ("orgs", "0002_walls_of_the_database"),
    ]

    operations = [
        same_organization("files_organizationlogo", "file_id", "files_storedfile"),
        same_organization("files_storedfile", "uploaded_by_id", "orgs_person"),
    ]
