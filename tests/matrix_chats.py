"""What the addresses of chats point at in the permission matrix.

The unit chat: students of 5А with its leader, where the student has written and the leader has asked in a poll; the
student's message was reported. The free chat: opened by the leader for the student and the parent, with a link.
"""

from __future__ import annotations

from chats import tokens
from chats.models import SYSTEM_TEMPLATES, Chat, Report, Template
from chats.selectors.chats import find_chat
from chats.services.chats import ChatData, create_chat
from chats.services.members import make_link
from chats.services.messages import Draft, send
from chats.services.safety import report
from chats.services.system import change_rules
from polls.services import PollData
from tests.world import School

# Words of the routes that are about whoever was chosen into a chat; all others point at the unit chat.
_ABOUT_THE_LIST = ("archive", "restore", "leave", "owner", "member", "moderator", "link")
_ABOUT_THE_POLL = ("vote", "close_poll")


class ChatThings:
    """Chats of school a."""

    def __init__(self, school: School) -> None:
        leader = school.actor("leader")
        change_rules(actor=school.actor("administrator"), rules={"switched_on": list(SYSTEM_TEMPLATES)})
        self.unit = Chat.objects.get(unit=school.units["5А"], template=Template.UNIT_STUDENTS)
        self.message = send(
            actor=school.actor("student"), chat=self.seen(school, "student"), draft=Draft(text="Привет")
        )
        poll = PollData("Когда?", ["Сегодня", "Завтра"])
        self.poll = send(actor=leader, chat=self.seen(school, "leader"), draft=Draft(poll=poll))
        self.report: Report = report(actor=leader, chat=self.unit, message=self.message, reason="other")
        self.student_id = school.people["student"].pk
        people = [school.people["student"].pk, school.people["parent"].pk]
        self.free = create_chat(actor=leader, data=ChatData(title="Поход", people=people))
        self.link = make_link(actor=leader, chat=self.free)

    def seen(self, school: School, name: str) -> Chat:
        found = find_chat(school.actor(name), self.unit.pk)
        assert found is not None
        return found

    def pk(self, route: str) -> int:
        """Which chat (or report) the route is about."""
        if "report_decide" in route:
            return self.report.pk
        about_list = any(word in route for word in _ABOUT_THE_LIST) and "message" not in route
        return self.free.pk if about_list else self.unit.pk

    def of_page(self, name: str, route: str) -> int | str:
        """What a parameter of a page's address names."""
        return {
            "chat_id": self.pk(route),
            "person_id": self.student_id,
            "report_id": self.report.pk,
            "file_id": 1,
            "kind": "free",
            "token": tokens.make(self.link.pk),
        }[name]

    def message_id(self, route: str) -> int:
        """Which message the route is about."""
        return self.poll.pk if any(word in route for word in _ABOUT_THE_POLL) else self.message.pk
