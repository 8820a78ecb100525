"""Rows of one organization cannot point into another."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [("movement", "0001_notices_and_consents")]

    operations = [
        same_organization("movement_notice", "unit_id", "orgs_unit"),
        same_organization("movement_notice", "reported_by_id", "orgs_person"),
        same_organization("movement_notice", "decided_by_id", "orgs_person"),
        same_organization("movement_notice", "work_id", "works_work"),
        same_organization("movement_noticeperson", "notice_id", "movement_notice"),
        same_organization("movement_noticeperson", "person_id", "orgs_person"),
        same_organization("movement_consent", "child_id", "orgs_person"),
        same_organization("movement_consent", "parent_id", "orgs_person"),
        same_organization("movement_consent", "recorded_by_id", "orgs_person"),
    ]
