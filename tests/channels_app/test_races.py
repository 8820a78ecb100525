"""What only real threads on PostgreSQL can show."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_app.models import Channel, Comment, Post, PostView, Proposal, Reaction
from channels_app.services import channels, proposals, publishing, reading
from channels_app.services.posts import PostDraft, change
from channels_app.tasks import publish_due, remove_deleted
from common.errors import DomainError
from orgs.actor import Actor, actor_of
from orgs.audit import Action
from orgs.models import AuditEvent, Person, Role, RoleAssignment
from tests.channels_app.cast import draft, free, general, propose, publish, seen
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school(transactional_db: None) -> School:
    return build_school("a", 1)


def crowd(school: School, count: int) -> list[Actor]:
    """Parents of the school, who read its channel."""
    organization = school.organization
    people = Person.objects.bulk_create(
        Person(organization=organization, last_name="Много", first_name=f"Имён{number}", search_name=f"{number}")
        for number in range(count)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=organization, person=person, role=Role.PARENT) for person in people
    )
    return [actor_of(person) for person in people]


def codes_of(outcomes: list[Any]) -> list[str]:
    assert all(not isinstance(one, Exception) or isinstance(one, DomainError) for one in outcomes), outcomes
    return sorted(one.code if isinstance(one, DomainError) else "done" for one in outcomes)


@pytest.mark.req("CHAN-2")
def test_twenty_editors_publish_one_proposal_once(school: School) -> None:
    row = propose(school, general(school))
    channels.set_editor(actor=school.actor("administrator"), channel=general(school), person=school.people["leader"])
    editors = [school.actor("administrator"), school.actor("leader")] * 10
    deeds = [
        partial(proposals.accept, actor=editor, proposal=row, revision=1, draft=PostDraft(text=f"Так {place}"))
        for place, editor in enumerate(editors)
    ]
    assert codes_of(at_once(deeds)) == ["done"] + ["proposal_decided"] * 19
    assert Post.objects.count() == 1
    assert Proposal.objects.get().post == Post.objects.get()
    assert AuditEvent.objects.filter(action=Action.POST_PUBLISHED).count() == 1


@pytest.mark.req("CHAN-2")
def test_accepted_or_changed_never_both(school: School) -> None:
    row = propose(school, general(school))
    words = proposals.ProposalDraft(text="Иначе")
    deeds = [
        partial(
            proposals.accept,
            actor=school.actor("administrator"),
            proposal=row,
            revision=1,
            draft=PostDraft(text="Приходите!"),
        ),
        partial(proposals.send_again, actor=school.actor("teacher"), proposal=row, draft=words),
        partial(proposals.withdraw, actor=school.actor("teacher"), proposal=row),
    ]
    codes_of(at_once(deeds))
    row.refresh_from_db()
    assert (row.state == "accepted") is Post.objects.exists()
    assert (row.post_id is not None) is Post.objects.exists()


@pytest.mark.req("CHAN-3")
def test_two_workers_publish_each_planned_post_once(school: School, sent_jobs: list[tuple[str, dict]]) -> None:
    administrator = school.actor("administrator")
    posts = [draft(school, general(school), f"{number}") for number in range(10)]
    for post in posts:
        publishing.plan(actor=administrator, post=post, at=timezone.now() + timedelta(hours=1))
    Post.objects.update(publish_at=timezone.now() - timedelta(minutes=1))
    by_hand = partial(publishing.publish, actor=administrator, post=posts[0])
    outcomes = at_once([publish_due, publish_due, publish_due, by_hand])
    assert not [one for one in outcomes if isinstance(one, Exception)]
    publish_due()
    assert Post.objects.filter(published_at=None).count() == 0
    assert AuditEvent.objects.filter(action=Action.POST_PUBLISHED).count() == 10
    told = [arguments["post_id"] for name, arguments in sent_jobs if name == "channels_app.tasks.notify"]
    assert sorted(told) == sorted(post.pk for post in posts)


@pytest.mark.req("CHAN-3")
def test_the_same_key_twenty_times_at_once_is_one_post(school: School) -> None:
    key = uuid4()
    outcomes = at_once([partial(publish, school, general(school), client_key=key)] * 20)
    assert len({one.pk for one in outcomes if isinstance(one, Post)}) == 1
    assert codes_of(outcomes) == ["done"] * 20
    assert AuditEvent.objects.filter(action=Action.POST_PUBLISHED).count() == 1


@pytest.mark.req("CHAN-3")
def test_one_post_is_pinned_whoever_is_quicker(school: School) -> None:
    posts = [publish(school, general(school), f"{number}") for number in range(5)]
    administrator = school.actor("administrator")
    deeds = [partial(publishing.pin, actor=administrator, post=post, pinned=True) for post in posts * 3]
    deeds += [partial(publishing.delete, actor=administrator, post=posts[0])]
    outcomes = at_once(deeds)
    assert set(codes_of(outcomes)) <= {"done", "post_gone"}
    assert Post.objects.filter(pinned_at__isnull=False).count() == 1


@pytest.mark.req("CHAN-3")
def test_views_count_once_for_each_person_and_nobody_waits_for_ever(school: School) -> None:
    posts = [publish(school, general(school), f"{number}") for number in range(8)]
    ids = [post.pk for post in posts]
    readers = crowd(school, 8)
    deeds = [
        partial(reading.mark_seen, actor=reader, post_ids=ids[place:] + ids[:place])
        for place, reader in enumerate(readers)
        for _time in range(2)
    ]
    deeds += [partial(reading.react, actor=readers[0], post=post, kind="like") for post in posts[:4]]  # type: ignore[misc]
    outcomes = at_once(deeds)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert PostView.objects.count() == 64
    assert set(Post.objects.values_list("view_count", flat=True)) == {8}


@pytest.mark.req("CHAN-3")
def test_counters_of_reactions_and_comments_are_those_of_the_rows(school: School) -> None:
    post = publish(school, free(school, has_comments=True))
    readers = crowd(school, 6)
    deeds: list[Any] = []
    for place, reader in enumerate(readers):
        for kind in ("like", "heart", "" if place % 2 else "clap"):
            deeds.append(partial(reading.react, actor=reader, post=post, kind=kind))
        deeds.append(partial(reading.comment, actor=reader, post=post, text="Да"))
    outcomes = at_once(deeds)
    assert codes_of(outcomes) == ["done"] * 24
    for comment in Comment.objects.all()[:2]:
        codes_of(at_once([partial(reading.delete_comment, actor=readers[0], comment=comment)] * 5))
    post.refresh_from_db()
    kinds = list(Reaction.objects.values_list("kind", flat=True))
    assert post.reactions == {kind: kinds.count(kind) for kind in set(kinds)}
    assert post.comment_count == Comment.objects.filter(deleted_at=None).count() == 4


@pytest.mark.req("CHAN-3")
def test_two_edits_at_once_one_is_told(school: School) -> None:
    post = publish(school, general(school))
    editor = school.actor("administrator")
    deeds = [
        partial(change, actor=editor, post=post, draft=PostDraft(text=f"Текст {number}"), revision=1)
        for number in range(10)
    ]
    assert codes_of(at_once(deeds)) == ["done"] + ["post_changed_meanwhile"] * 9
    post.refresh_from_db()
    assert post.revision == 2


@pytest.mark.req("CHAN-3")
def test_two_sweepers_remove_each_post_once(school: School) -> None:
    post = publish(school, general(school))
    kept = publish(school, general(school))
    publishing.delete(actor=school.actor("administrator"), post=post)
    Post.objects.filter(pk=post.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    outcomes = at_once([remove_deleted, remove_deleted])
    assert sum(one for one in outcomes if isinstance(one, int)) == 1
    assert list(Post.objects.all()) == [kept]


@pytest.mark.req("CHAN-1")
def test_opening_the_channel_of_a_unit_at_once_makes_one(school: School) -> None:
    unit = school.units["5А"]
    deed = partial(channels.open_unit_channel, actor=school.actor("administrator"), unit=unit)
    assert codes_of(at_once([deed] * 10)) == ["done"] * 10
    assert Channel.objects.filter(unit=unit).count() == 1
    assert seen(school, "student", Channel.objects.get(unit=unit)).audiences.count() == 1


@pytest.mark.req("CHAN-3")
def test_search_knows_russian_word_forms(school: School) -> None:
    from channels_app.selectors.posts import published_in, search_posts

    post = publish(school, general(school), "Экскурсия в планетарий состоится завтра", title="Каникулы")
    publish(school, general(school), "Собрание")
    actor = school.actor("student")
    found = {
        words: [row.pk for row in search_posts(published_in(actor, [general(school).pk]), words)]
        for words in ("экскурсии", "планетариях", "каникул ЭКСКУРСИЮ", "планет", "экскурсия собрание", " \x00", "%_'\"")
    }
    assert {words for words, ids in found.items() if ids == [post.pk]} == {
        "экскурсии",
        "планетариях",
        "каникул ЭКСКУРСИЮ",
        "планет",
    }
    assert found["экскурсия собрание"] == found[" \x00"] == found["%_'\""] == []
