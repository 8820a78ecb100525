"""Who is told of a post or a proposed text, when, and in which words (CHAN-2, CHAN-3)."""

from datetime import UTC, datetime, time

import pytest
import time_machine

from channels_app.letters import channel_post, proposal_decided, proposal_sent
from channels_app.services import channels, proposals, publishing, reading
from channels_app.services.notifying import notify, tell_author, tell_editors
from channels_app.services.posts import PostDraft, ReadingTerms
from chats.services.system import change_rules
from orgs.models import Role
from orgs.services import people
from outbox.models import Message
from outbox.rendering import Obsolete
from tests.accounts.devices import add_device
from tests.channels_app.cast import draft, free, general, of_unit, propose, publish
from tests.world import School, World

NIGHT = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)  # 23:30 in Moscow
MORNING = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # 7:00


@pytest.fixture
def school(world: World) -> School:
    return world.a


def device(school: School, name: str) -> str:
    return str(add_device(school.user(name)).pk)


def told() -> list[Message]:
    return list(Message.objects.exclude(template="daily_digest").order_by("pk"))


# --- Posts ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-3")
def test_readers_with_a_device_are_told_but_not_who_wrote(school: School) -> None:
    device(school, "administrator")
    parent = device(school, "parent")
    post = publish(school, general(school), "Завтра **экскурсия**")
    assert notify(post.pk) == 1
    assert notify(post.pk) == 0, "told once"
    [push] = told()
    assert push.recipient == parent
    words = channel_post(push.context, "")
    assert (words.subject, words.text) == ("Общешкольный канал", "Завтра экскурсия")
    assert words.url.endswith(f"/o/a/channels/posts/{post.pk}/")


@pytest.mark.req("CHAN-3")
def test_who_wants_nothing_and_who_must_confirm_are_not_told_here(school: School) -> None:
    for name in ("student", "parent", "teacher"):
        device(school, name)
    reading.set_notify(actor=school.actor("student"), channel=general(school), notify="none")
    post = publish(school, general(school), reading=ReadingTerms(circles=[("parents", None)]))
    assert notify(post.pk) == 1, "the teacher; the parent is told what to confirm"
    assert notify(draft(school, general(school)).pk) == 0
    publishing.delete(actor=school.actor("administrator"), post=post)
    assert notify(post.pk) == 0
    assert notify(10**9) == 0


@pytest.mark.req("CHAN-3")
@pytest.mark.parametrize("how", ["seen", "all seen", "silenced", "removed", "left", "changed circles"])
def test_what_is_no_longer_true_is_not_told(school: School, how: str) -> None:
    device(school, "parent")
    channel = free(school, ("parents", None))
    post = publish(school, channel)
    notify(post.pk)
    context = told()[0].context
    assert channel_post(context, "").text == "Здравствуйте!"
    parent, administrator = school.actor("parent"), school.actor("administrator")
    {
        "seen": lambda: reading.mark_seen(actor=parent, post_ids=[post.pk]),
        "all seen": lambda: reading.mark_all_seen(actor=parent),
        "silenced": lambda: reading.set_notify(actor=parent, channel=channel, notify="none"),
        "removed": lambda: publishing.delete(actor=administrator, post=post),
        "left": lambda: people.end_role(actor=administrator, person=school.people["parent"], role=Role.PARENT),
        "changed circles": lambda: channels.change_channel(
            actor=administrator, channel=channel, changes={"circles": [("staff", None)]}
        ),
    }[how]()
    with pytest.raises(Obsolete):
        channel_post(context, "")


@pytest.mark.req("CHAN-3")
def test_at_night_it_waits_for_the_morning(school: School) -> None:
    device(school, "parent")
    rules = {"quiet_from": time(22), "quiet_until": time(7)}
    change_rules(actor=school.actor("administrator"), rules=rules)
    with time_machine.travel(NIGHT, tick=False):
        notify(publish(school, general(school)).pk)
    assert [push.next_attempt_at for push in told()] == [MORNING]


# --- Proposed texts ---------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-2")
def test_editors_are_told_or_the_administrators(school: School) -> None:
    administrator, leader = device(school, "administrator"), device(school, "leader")
    row = propose(school, general(school), title="Ярмарка")
    assert tell_editors(row.pk) == 1
    assert tell_editors(row.pk) == 0
    assert [message.recipient for message in told()] == [administrator]
    words = proposal_sent(told()[0].context, "")
    assert words.text == "Учёный Устин Ильич предлагает для канала «Общешкольный канал»: Ярмарка"
    channels.set_editor(actor=school.actor("administrator"), channel=general(school), person=school.people["leader"])
    assert tell_editors(propose(school, general(school)).pk) == 1
    assert told()[-1].recipient == leader
    channels.set_editor(actor=school.actor("administrator"), channel=of_unit(school), person=school.people["head"])
    people.end_role(actor=school.actor("administrator"), person=school.people["leader"], role=Role.TEACHER)
    assert tell_editors(propose(school, general(school)).pk) == 1
    assert told()[-1].recipient == administrator, "who has left is not told"


@pytest.mark.req("CHAN-2")
def test_what_was_decided_meanwhile_is_not_told_to_editors(school: School) -> None:
    device(school, "administrator")
    row = propose(school, general(school))
    tell_editors(row.pk)
    context = told()[0].context
    proposals.withdraw(actor=school.actor("teacher"), proposal=row)
    with pytest.raises(Obsolete):
        proposal_sent(context, "")
    assert tell_editors(row.pk) == 0


@pytest.mark.req("CHAN-2")
def test_the_author_is_told_what_was_decided(school: School) -> None:
    device(school, "teacher")
    administrator = school.actor("administrator")
    row = propose(school, general(school), title="Ярмарка")
    assert tell_author(row.pk) == 0
    proposals.return_with_remark(actor=administrator, proposal=row, revision=1, remark="Во сколько?")
    assert tell_author(row.pk) == 1
    words = proposal_decided(told()[0].context, "")
    assert (words.subject, words.text) == ("Ваш текст вернули с замечаниями", "Ярмарка\n\nВо сколько?")
    proposals.send_again(actor=school.actor("teacher"), proposal=row, draft=proposals.ProposalDraft(text="В 15:00"))
    with pytest.raises(Obsolete):
        proposal_decided(told()[0].context, "")
    proposals.accept(actor=administrator, proposal=row, revision=2, draft=PostDraft(text="В 15:00"))
    assert tell_author(row.pk) == 1
    assert proposal_decided(told()[-1].context, "").subject == "Ваш текст опубликован"
    people.end_role(actor=administrator, person=school.people["teacher"], role=Role.TEACHER)
    with pytest.raises(Obsolete):
        proposal_decided(told()[-1].context, "")
