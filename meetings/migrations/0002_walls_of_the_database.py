"""Rows of one organization cannot point into another."""

from django.db import migrations

from common.db import same_organization


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial_tables")]

    operations = [
        same_organization("meetings_event", "series_id", "meetings_series"),
        same_organization("meetings_event", "organizer_id", "orgs_person"),
        same_organization("meetings_event", "announcement_id", "channels_app_post"),
        same_organization("meetings_eventaudience", "event_id", "meetings_event"),
        same_organization("meetings_eventaudience", "unit_id", "orgs_unit"),
        same_organization("meetings_eventreminder", "event_id", "meetings_event"),
        same_organization("meetings_participation", "event_id", "meetings_event"),
        same_organization("meetings_participation", "person_id", "orgs_person"),
        same_organization("meetings_participation", "marked_by_id", "orgs_person"),
        same_organization("meetings_calendaraddress", "person_id", "orgs_person"),
    ]
