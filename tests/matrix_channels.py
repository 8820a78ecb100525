"""The permission matrix of channels, and what their addresses point at (tests/matrix_rows.py says how).

The unit channel: that of 5А, whose leader publishes in it; its post with a poll and a comment of the student. The
proposal: the teacher's, for the channel of the staff. Open to everybody: the organization's channel with a post.
"""

from __future__ import annotations

from typing import Any

from channels_app.models import Channel, ChannelKind
from channels_app.selectors.channels import find_channel
from channels_app.services import channels, proposals, publishing
from channels_app.services.posts import PostDraft, write
from channels_app.services.reading import comment
from polls.services import PollData
from tests.world import School

PREFIXES = ("channels:", "api_channel")

TABLE = """
GET    api_channels                            401 404 200 200 200 200 200 200 404
POST   api_channels                            401 404 403 403 403 403 403 400 404
POST   api_channels_seen_all                   401 404 204 204 204 204 204 204 404
PUT    api_channels_units                      401 404 403 403 403 403 403 400 404
POST   api_channels_unit                       401 404 403 403 403 403 403 400 404
GET    api_channels_feed                       401 404 200 200 200 200 200 200 404
GET    api_channels_search                     401 404 200 200 200 200 200 200 404
POST   api_channels_seen                       401 404 400 400 400 400 400 400 404
GET    api_channel                             401 404 200 200 404 200 404 200 404
PATCH  api_channel                             401 404 403 403 404 403 404 200 404
POST   api_channel_archive                     401 404 403 403 404 403 404 200 404
POST   api_channel_restore                     401 404 403 403 404 403 404 200 404
PUT    api_channel_public                      401 404 403 403 404 403 404 400 404
PUT    api_channel_notify                      401 404 400 400 404 400 404 400 404
POST   api_channel_seen_all                    401 404 204 204 404 204 404 204 404
GET    api_channel_editors                     401 404 403 403 404 403 404 200 404
PUT    api_channel_editor                      401 404 403 403 404 403 404 204 404
DELETE api_channel_editor                      401 404 403 403 404 403 404 204 404
POST   api_channel_posts                       401 404 403 403 404 400 404 400 404
POST   api_channel_propose                     401 404 403 403 404 403 404 403 404
GET    api_channel_posts_unpublished           401 404 200 200 200 200 200 200 404
GET    api_channel_posts_removed               401 404 200 200 200 200 200 200 404
GET    api_channel_post                        401 404 200 200 404 200 404 200 404
PATCH  api_channel_post                        401 404 403 403 404 400 404 400 404
DELETE api_channel_post                        401 404 403 403 404 204 404 204 404
POST   api_channel_post_publish                401 404 404 404 404 200 404 200 404
POST   api_channel_post_plan                   401 404 404 404 404 400 404 400 404
POST   api_channel_post_unplan                 401 404 404 404 404 200 404 200 404
POST   api_channel_post_pin                    401 404 403 403 404 200 404 200 404
POST   api_channel_post_unpin                  401 404 403 403 404 200 404 200 404
POST   api_channel_post_restore                401 404 403 403 404 200 404 200 404
PUT    api_channel_post_reaction               401 404 400 400 404 400 404 400 404
POST   api_channel_post_vote                   401 404 400 400 404 400 404 400 404
POST   api_channel_post_close_poll             401 404 403 403 404 200 404 200 404
GET    api_channel_post_versions               401 404 403 403 404 200 404 200 404
GET    api_channel_post_viewers                401 404 403 403 404 200 404 200 404
GET    api_channel_post_comments               401 404 200 200 404 200 404 200 404
POST   api_channel_post_comments               401 404 400 400 404 400 404 400 404
DELETE api_channel_comment                     401 404 204 403 404 204 404 204 404
GET    api_channel_proposals                   401 404 200 200 200 200 200 200 404
GET    api_channel_proposal                    401 404 404 404 200 404 404 200 404
PATCH  api_channel_proposal                    401 404 404 404 200 404 404 403 404
POST   api_channel_proposal_withdraw           401 404 404 404 200 404 404 403 404
POST   api_channel_proposal_return             401 404 404 404 403 404 404 400 404
POST   api_channel_proposal_accept             401 404 404 404 403 404 404 400 404
GET    api_channel_proposal_file               401 404 404 404 404 404 404 404 404
GET    channels:feed                   302 404 200 200 200 200 200 200 404
GET    channels:channel                302 404 200 200 404 200 404 200 404
GET    channels:about                  302 404 200 200 404 200 404 200 404
GET    channels:post                   302 404 200 200 404 200 404 200 404
GET    channels:history                302 404 403 403 404 200 404 200 404
GET    channels:file                   302 404 404 404 404 404 404 404 404
GET    channels:write                  302 404 403 403 404 200 404 200 404
GET    channels:drafts                 302 404 403 403 403 200 403 200 404
GET    channels:edit                   302 404 403 403 404 200 404 200 404
GET    channels:viewers                302 404 403 403 404 200 404 200 404
GET    channels:propose                302 404 403 403 404 403 404 403 404
GET    channels:proposals              302 404 403 403 200 200 200 200 404
GET    channels:proposal               302 404 404 404 200 404 404 200 404
GET    channels:proposal_change        302 404 404 404 200 404 404 403 404
GET    channels:proposal_file          302 404 404 404 404 404 404 404 404
GET    channels:manage                 302 404 403 403 403 403 403 200 404
GET    channels:new_channel            302 404 403 403 403 403 403 200 404
GET    channels:unit_panel             302 404 302 302 302 302 302 302 404
GET    channels:change                 302 404 403 403 404 403 404 200 404
GET    channels:public                 302 404 403 403 404 403 404 200 404
GET    channels:editors                302 404 403 403 404 403 404 200 404
GET    channels:public_list            200 200 200 200 200 200 200 200 200
GET    channels:public_channel         200 200 200 200 200 200 200 200 200
GET    channels:public_feed            200 200 200 200 200 200 200 200 200
GET    channels:public_post            200 200 200 200 200 200 200 200 200
GET    channels:public_file            404 404 404 404 404 404 404 404 404
POST   channels:seen_all               302 404 302 302 302 302 302 302 404
POST   channels:notify                 302 404 302 302 404 302 404 302 404
POST   channels:channel_seen_all       302 404 302 302 404 302 404 302 404
POST   channels:react                  302 404 302 302 404 302 404 302 404
POST   channels:vote                   302 404 302 302 404 302 404 302 404
POST   channels:comment                302 404 422 422 404 422 404 422 404
POST   channels:comment_delete         302 404 302 403 404 302 404 302 404
POST   channels:write                  302 404 403 403 404 422 404 422 404
POST   channels:edit                   302 404 403 403 404 422 404 422 404
POST   channels:publish                302 404 404 404 404 302 404 302 404
POST   channels:plan                   302 404 404 404 404 422 404 422 404
POST   channels:unplan                 302 404 404 404 404 302 404 302 404
POST   channels:pin                    302 404 403 403 404 302 404 302 404
POST   channels:unpin                  302 404 403 403 404 302 404 302 404
POST   channels:delete                 302 404 403 403 404 302 404 302 404
POST   channels:restore                302 404 403 403 404 302 404 302 404
POST   channels:close_poll             302 404 403 403 404 302 404 302 404
POST   channels:propose                302 404 403 403 404 403 404 403 404
POST   channels:proposal               302 404 404 404 403 404 404 422 404
POST   channels:proposal_change        302 404 404 404 422 404 404 403 404
POST   channels:proposal_withdraw      302 404 404 404 302 404 404 403 404
POST   channels:units                  302 404 403 403 403 403 403 302 404
POST   channels:open_unit              302 404 403 403 403 302 403 302 404
POST   channels:new_channel            302 404 403 403 403 403 403 422 404
POST   channels:change                 302 404 403 403 404 403 404 302 404
POST   channels:archive                302 404 403 403 404 403 404 302 404
POST   channels:restore_channel        302 404 403 403 404 403 404 302 404
POST   channels:public                 302 404 403 403 404 403 404 302 404
POST   channels:close                  302 404 403 403 404 403 404 302 404
POST   channels:editor_add             302 404 403 403 404 403 404 302 404
POST   channels:editor_remove          302 404 403 403 404 403 404 302 404
"""

# Routes about posts that nobody reads yet.
_ABOUT_DRAFTS = ("post_publish", "post_plan", "post_unplan")


class Things:
    """What the routes of channels are about, in school a."""

    def __init__(self, school: School) -> None:
        self.school = school
        administrator, leader = school.actor("administrator"), school.actor("leader")
        unit = channels.open_unit_channel(actor=administrator, unit=school.units["5А"])
        channels.change_channel(actor=administrator, channel=unit, changes={"has_comments": True})
        self.unit = self.seen("leader", unit)
        poll = PollData("Когда?", ["Сегодня", "Завтра"])
        self.post = publishing.publish_now(actor=leader, channel=self.unit, draft=PostDraft(text="Поход", poll=poll))
        self.draft = write(actor=leader, channel=self.unit, draft=PostDraft(text="Черновик"))
        self.comment = comment(actor=school.actor("student"), post=self.post, text="Ура")
        general = Channel.objects.get(organization=school.organization, kind=ChannelKind.ORGANIZATION)
        self.open = channels.set_public(actor=administrator, channel=general, is_public=True)
        self.news = publishing.publish_now(actor=administrator, channel=self.open, draft=PostDraft(text="Новость"))
        staff = Channel.objects.get(organization=school.organization, kind=ChannelKind.STAFF)
        self.proposal = proposals.propose(
            actor=school.actor("teacher"),
            channel=self.seen("teacher", staff),
            draft=proposals.ProposalDraft(text="Педсовет"),
        )

    def seen(self, name: str, channel: Channel) -> Channel:
        found = find_channel(self.school.actor(name), channel.pk)
        assert found is not None
        return found

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        if route.startswith("api_"):
            return self._of_api(name, route)
        return self._of_page(name, route)

    def _of_api(self, name: str, route: str) -> int:
        if name in ("person", "file"):
            return self.school.people["student"].pk if name == "person" else 1
        if "api_channel_proposal" in route:
            return self.proposal.pk
        if route == "api_channel_comment":
            return self.comment.pk
        if "api_channel_post" in route and route != "api_channel_posts":
            return self.draft.pk if route.endswith(_ABOUT_DRAFTS) else self.post.pk
        return self.unit.pk

    def _of_page(self, name: str, route: str) -> Any:
        about_drafts = ("channels:publish", "channels:plan", "channels:unplan")
        values = {
            "channel_id": self.unit.pk,
            "post_id": self.draft.pk if route in about_drafts else self.post.pk,
            "comment_id": self.comment.pk,
            "proposal_id": self.proposal.pk,
            "person_id": self.school.people["student"].pk,
            "unit_id": self.school.units["5А"].pk,
            "file_id": 1,
        }
        if route.startswith("channels:public_"):
            values |= {"channel_id": self.open.pk, "post_id": self.news.pk}
        return values[name]
