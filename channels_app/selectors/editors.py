"""Who may publish in a channel beside those whose role gives it."""

from channels_app.models import Channel, ChannelUserObjectPermission
from channels_app.selectors.titles import title_of
from orgs.models import Person
from orgs.selectors.rights import RightElsewhere
from orgs.vocabulary import Vocabulary

PUBLISH = "publish_in_channel"


def editors_of(channel: Channel) -> list[Person]:
    """Return those who were granted the right to publish in `channel`, by name; one query."""
    granted = ChannelUserObjectPermission.objects.filter(content_object=channel.pk, permission__codename=PUBLISH)
    people = Person.objects.filter(
        organization=channel.organization_id, merged_into=None, user__in=granted.values("user_id")
    )
    return list(people.order_by("search_name", "id"))


def is_editor(channel: Channel, person: Person) -> bool:
    """Tell whether the person was granted the right to publish in `channel`."""
    granted = ChannelUserObjectPermission.objects.filter(content_object=channel.pk, permission__codename=PUBLISH)
    return granted.filter(user=person.user_id).exists()


def held_rights(organization_id: int, words: Vocabulary) -> list[RightElsewhere]:
    """Return the granted rights of all channels for the page «Права» (`settings.RIGHTS_ELSEWHERE`); two queries."""
    granted = ChannelUserObjectPermission.objects.filter(
        content_object__organization=organization_id, permission__codename=PUBLISH
    ).select_related("content_object__organization", "content_object__unit")
    rows = list(granted)
    people = {
        person.user_id: person
        for person in Person.objects.filter(organization=organization_id, user__in={row.user_id for row in rows})
    }
    return [
        RightElsewhere(
            people[row.user_id],
            PUBLISH,
            title_of(row.content_object, words),
            ("channels:editors", row.content_object_id),
        )
        for row in rows
        if row.user_id in people
    ]
