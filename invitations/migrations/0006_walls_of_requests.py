"""A request to one organization cannot name a unit, a link or people of another."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [("invitations", "0005_join_requests")]

    operations = [
        same_organization("invitations_joinrequest", "unit_id", "orgs_unit"),
        same_organization("invitations_joinrequest", "person_id", "orgs_person"),
        same_organization("invitations_joinrequest", "decided_by_id", "orgs_person"),
        same_organization("invitations_joinrequest", "invitation_id", "invitations_invitation"),
        same_organization("invitations_withdrawnconfirmation", "person_id", "orgs_person"),
    ]
