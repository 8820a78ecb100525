"""Rows of one organization cannot point into another."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [("support", "0001_requests_for_help")]

    operations = [
        same_organization("support_helprequest", "person_id", "orgs_person"),
        same_organization("support_helprequest", "assignee_id", "orgs_person"),
        same_organization("support_helpentry", "request_id", "support_helprequest"),
        same_organization("support_helpentry", "author_id", "orgs_person"),
        same_organization("support_helpfile", "entry_id", "support_helpentry"),
        same_organization("support_helpfile", "file_id", "files_storedfile"),
    ]
