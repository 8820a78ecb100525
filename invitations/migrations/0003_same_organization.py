"""A link of one organization cannot open a unit of another, nor name its people."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [
        ("invitations", "0002_links_to_organizations"),
        ("orgs", "0002_walls_of_the_database"),
    ]

    operations = [
        same_organization("invitations_invitation", "unit_id", "orgs_unit"),
        same_organization("invitations_invitation", "person_id", "orgs_person"),
        same_organization("invitations_invitation", "student_id", "orgs_person"),
        same_organization("invitations_invitation", "owner_id", "orgs_person"),
        same_organization("invitations_invitationuse", "invitation_id", "invitations_invitation"),
        same_organization("invitations_invitationuse", "person_id", "orgs_person"),
    ]
