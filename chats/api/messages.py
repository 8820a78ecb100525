"""Messages: reading pages of them, writing, changing, votes, reports."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chats import permissions
from chats.api.base import ChatView
from chats.api.inputs import Explanation, NewMessage, NewReport, NewText, VotersQuery, WindowQuery
from chats.api.serializers import ChatMessage, ChatPerson, MessagePage
from chats.models import Chat
from chats.selectors.messages import readers_of
from chats.selectors.windows import Window, following_window, latest_window, window_around, window_on
from chats.services import messages as services
from chats.services import safety
from chats.services.reading import close_poll, vote
from chats.shapes import person_shape
from common.errors import DomainError, require
from orgs.api.base import ByName
from orgs.models import Person
from polls.inputs import Votes
from polls.models import PollOption
from polls.selectors import voters_of
from polls.services import PollData


class MessageView(ChatView):
    """`/o/<slug>/chats/<id>/messages/`."""

    serializer_class = ChatMessage
    pagination_class = None

    @extend_schema(
        operation_id="chat_messages_list", tags=["messages"], parameters=[WindowQuery], responses=MessagePage
    )
    def window(self, request: Request, slug: str, pk: int) -> Response:
        """A page of messages in their order: the latest, or those before, after or around a number, or of a day."""
        # Read before the messages: a change that comes in between is told once more, never left out.
        chat = self.get_chat(pk)
        window = window_of(chat, self.read_query(WindowQuery))
        page = {
            **self.list_shape(window.messages),
            "last_event": chat.last_event,
            "has_before": window.has_before,
            "has_after": window.has_after,
        }
        return Response(page)

    @extend_schema(
        operation_id="chat_messages_send", tags=["messages"], request=NewMessage, responses={201: ChatMessage}
    )
    def create(self, request: Request, slug: str, pk: int) -> Response:
        """Write a message (CHAT-4). The same `client_key` sent again answers with the message that is already there.

        403 with the code of the obstacle (`archived`, `muted`, `staff_only`, …), 429 `slow_mode`.
        """
        chat = self.get_own_chat(pk)
        data = self.read(NewMessage)
        poll = data.pop("poll")
        draft = services.Draft(**data, poll=PollData(**poll) if poll is not None else None)
        return self.answer_message(services.send(actor=self.actor, chat=chat, draft=draft), status=201)

    @extend_schema(operation_id="chat_messages_get", tags=["messages"])
    def retrieve(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """One message as it is now."""
        return self.answer_message(self.get_message(self.get_chat(pk), message))

    @extend_schema(operation_id="chat_messages_edit", tags=["messages"], request=NewText, responses=ChatMessage)
    def partial_update(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """Change the words of what I wrote, while the organization's rules allow it; `edited_at` stays as a trace."""
        chat = self.get_chat(pk)
        row = self.get_message(chat, message)
        require(permissions.can_edit(self.actor, chat, row))
        text = self.read(NewText)["text"]
        return self.answer_message(services.edit(actor=self.actor, chat=chat, message=row, text=text))

    @extend_schema(operation_id="chat_messages_delete", tags=["messages"], responses={200: ChatMessage})
    def destroy(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """Delete a message with its files and its poll; the answer is the trace that stays. Twice is once."""
        chat = self.get_own_chat(pk)
        row = self.get_message(chat, message)
        if row.deleted_at is not None:
            return self.answer_message(row)
        require(permissions.can_delete(self.actor, chat, row))
        return self.answer_message(services.delete(actor=self.actor, chat=chat, message=row))

    @extend_schema(operation_id="chat_messages_pin", tags=["messages"], request=None, responses=ChatMessage)
    def pin(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """Pin a message to the top of the chat."""
        return self.set_pinned(pk, message, pinned=True)

    @extend_schema(operation_id="chat_messages_unpin", tags=["messages"], request=None, responses=ChatMessage)
    def unpin(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """Unpin a message."""
        return self.set_pinned(pk, message, pinned=False)

    def set_pinned(self, pk: int, message: int, *, pinned: bool) -> Response:
        chat = self.get_chat(pk)
        row = self.get_message(chat, message)
        require(permissions.can_pin(self.actor, chat))
        return self.answer_message(services.pin(actor=self.actor, chat=chat, message=row, pinned=pinned))

    # --- Polls --------------------------------------------------------------------------------------------------------
    @extend_schema(operation_id="chat_messages_vote", tags=["messages"], request=Votes, responses=ChatMessage)
    def vote(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """Vote in the message's poll (CHAT-6); in an open one this replaces the earlier choice, none takes it back."""
        chat = self.get_own_chat(pk)
        row = self.get_message(chat, message)
        options = self.read(Votes)["options"]
        return self.answer_message(vote(actor=self.actor, chat=chat, message=row, option_ids=options))

    @extend_schema(operation_id="chat_messages_close_poll", tags=["messages"], request=None, responses=ChatMessage)
    def close_poll(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """Close the message's poll before its time: who asked, or a moderator."""
        chat = self.get_own_chat(pk)
        row = self.get_message(chat, message)
        require(permissions.can_close_poll(self.actor, chat, row))
        return self.answer_message(close_poll(actor=self.actor, chat=chat, message=row))

    # --- Safety -------------------------------------------------------------------------------------------------------
    @extend_schema(
        operation_id="chat_messages_report",
        tags=["messages"],
        request=NewReport,
        responses={204: OpenApiResponse(description="The moderators know")},
    )
    def report(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """Report a message to the moderators, who see what stands in it now (CHAT-9). Twice is once."""
        chat = self.get_own_chat(pk)
        row = self.get_message(chat, message)
        require(permissions.can_report(self.actor, row))
        safety.report(actor=self.actor, chat=chat, message=row, **self.read(NewReport))
        return Response(status=204)

    @extend_schema(operation_id="chat_messages_remove", tags=["messages"], request=Explanation, responses=ChatMessage)
    def remove(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """Remove somebody's message as a moderator; the chat and the journal get the reason (CHAT-9)."""
        chat = self.get_chat(pk)
        row = self.get_message(chat, message)
        require(permissions.can_moderate(self.actor, chat) and permissions.can_delete(self.actor, chat, row))
        reason = self.read(Explanation)["reason"]
        return self.answer_message(safety.remove_message(actor=self.actor, chat=chat, message=row, reason=reason))


class MessagePeopleView(ChatView):
    """Who read a message, who chose an answer."""

    serializer_class = ChatPerson
    pagination_class = ByName

    def answer_people(self, people: QuerySet[Person]) -> Response:
        return self.shaped_page(people, lambda found: [person_shape(person) or {} for person in found])

    @extend_schema(operation_id="chat_messages_readers", tags=["messages"], responses=ChatPerson(many=True))
    def readers(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """Who of today's members has read the message, by name. 403 `readers_not_shown` in very large chats."""
        chat = self.get_chat(pk)
        row = self.get_message(chat, message)
        if not chat.shows_readers:
            raise DomainError("readers_not_shown", _("In so large a chat it is not shown who has read."), status=403)
        return self.answer_people(readers_of(chat, row))

    @extend_schema(
        operation_id="chat_messages_voters",
        tags=["messages"],
        parameters=[VotersQuery],
        responses=ChatPerson(many=True),
    )
    def voters(self, request: Request, slug: str, pk: int, message: int) -> Response:
        """Who chose an answer, by name. 403 `poll_anonymous`."""
        row = self.get_message(self.get_chat(pk), message)
        poll = row.poll
        if poll is not None and poll.is_anonymous:
            raise DomainError("poll_anonymous", _("This poll is anonymous."), status=403)
        options = PollOption.objects.filter(poll=row.poll_id or 0)
        return self.answer_people(voters_of(get_object_or_404(options, pk=self.read_query(VotersQuery)["option"])))


def window_of(chat: Chat, query: dict[str, Any]) -> Window:
    """Return the page of messages that an address asks for."""
    limit = query["limit"]
    if "around" in query:
        return window_around(chat, number=query["around"], limit=limit)
    if "date" in query:
        return window_on(chat, query["date"], limit=limit)
    if "after" in query:
        return following_window(chat, after=query["after"], limit=limit)
    return latest_window(chat, before=query.get("before"), limit=limit)
