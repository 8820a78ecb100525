"""Rows of one organization cannot point into another."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial_tables")]

    operations = [
        same_organization("documents_document", "created_by_id", "orgs_person"),
        same_organization("documents_documentaudience", "document_id", "documents_document"),
        same_organization("documents_documentaudience", "unit_id", "orgs_unit"),
        same_organization("documents_documentversion", "document_id", "documents_document"),
        same_organization("documents_documentversion", "file_id", "files_storedfile"),
        same_organization("documents_documentversion", "reading_id", "readings_reading"),
        same_organization("documents_documentversion", "created_by_id", "orgs_person"),
    ]
