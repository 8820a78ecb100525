"""Chats: the list, opening, changing, archiving, coming in by a link."""

from collections.abc import Sequence
from functools import partial

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chats import permissions, tokens
from chats.api.base import ChatView
from chats.api.inputs import ChatFields, FindQuery, ListQuery, NewChat, OnePerson, Token
from chats.api.serializers import ChatDetail, ChatPerson, FoundMessage, ListedChat
from chats.detail import detail_shape
from chats.models import Chat, Message
from chats.selectors.chats import chats_of, last_messages_of, list_of, seen_by
from chats.selectors.contacts import find_contacts
from chats.selectors.messages import parts_of, search
from chats.selectors.rules import rules_of
from chats.selectors.safety import link_with
from chats.selectors.titles import title_of
from chats.services.chats import (
    ChatChanges,
    ChatData,
    archive_chat,
    change_chat,
    create_chat,
    personal_chat,
    restore_chat,
)
from chats.services.members import join_by_link, leave, set_owner
from chats.shapes import Shape, listed_shape, message_shape, person_shape
from common.api import CursorPagination
from common.errors import require
from orgs.actor import Actor
from orgs.api.base import referred
from orgs.api.circles import circles_of
from orgs.models import Person
from orgs.selectors.people import people_visible_to


class LatestFirst(CursorPagination):
    """Chats by their last message. Everybody's list fits into one page."""

    ordering = ("-last_message_at", "-id")
    page_size = 100


class ChatViewSet(ChatView):
    """`/o/<slug>/chats/`."""

    serializer_class = ChatDetail
    pagination_class = LatestFirst

    def get_queryset(self) -> QuerySet[Chat]:
        return list_of(self.actor)

    @extend_schema(operation_id="chats_list", tags=["chats"], parameters=[ListQuery], responses=ListedChat(many=True))
    def list(self, request: Request, slug: str) -> Response:
        """My chats by their last message, with what is unread (CHAT-4). All of mine come in two statements."""
        query = self.read_query(ListQuery)
        return self.shaped_page(list_of(self.actor, archived=query["archived"]), partial(listed_shapes, self.actor))

    @extend_schema(operation_id="chats_create", tags=["chats"], request=NewChat, responses={201: ChatDetail})
    def create(self, request: Request, slug: str) -> Response:
        """Open a chat by a template or freely, for chosen people and circles; I answer for it (CHAT-2)."""
        require(permissions.can_create_chats(self.actor))
        data = self.read(NewChat)
        circles = circles_of(data.pop("circles"))
        chat = create_chat(actor=self.actor, data=ChatData(**data, circles=circles))
        return self.answer_detail(chat.pk, status=201)

    @extend_schema(operation_id="chats_personal", tags=["chats"], request=OnePerson, responses=ChatDetail)
    def personal(self, request: Request, slug: str) -> Response:
        """My personal chat with somebody, opened if there is none yet (CHAT-3). 403 `contact_closed`."""
        everybody = Person.objects.filter(organization=self.actor.organization.pk, merged_into=None)
        person = referred(everybody, self.read(OnePerson)["person"], "person")
        return self.answer_detail(personal_chat(actor=self.actor, person=person).pk)

    @extend_schema(
        operation_id="chats_contacts", tags=["chats"], parameters=[FindQuery], responses=ChatPerson(many=True)
    )
    def contacts(self, request: Request, slug: str) -> Response:
        """People I may write to first, by name (CHAT-3)."""
        query = self.read_query(FindQuery)
        people = find_contacts(self.actor, rules_of(self.actor.organization), query["q"])
        return self.shaped_page(people, lambda found: [person_shape(person) or {} for person in found])

    @extend_schema(
        operation_id="chats_join",
        tags=["chats"],
        request=Token,
        responses={200: ChatDetail, 410: OpenApiResponse(OpenApiTypes.OBJECT, description="`chat_link_dead`")},
    )
    def join(self, request: Request, slug: str) -> Response:
        """Come into a chat by its link (INV-10); who is in already changes nothing. 410 `chat_link_dead`."""
        link = link_with(self.actor, tokens.read(self.read(Token)["token"]) or 0)
        if link is None:
            raise Http404
        return self.answer_detail(join_by_link(actor=self.actor, link=link).pk)

    @extend_schema(
        operation_id="chats_search", tags=["chats"], parameters=[FindQuery], responses=FoundMessage(many=True)
    )
    def search(self, request: Request, slug: str) -> Response:
        """Messages of all my chats with every word of `q`, the newest first (CHAT-4)."""
        return self.shaped_page(search(self.actor, self.read_query(FindQuery)["q"]), partial(found_shapes, self.actor))

    @extend_schema(operation_id="chats_get", tags=["chats"], responses=ChatDetail)
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """One chat with what I may do in it."""
        return self.answer_detail(pk)

    @extend_schema(
        operation_id="chats_leave", tags=["chats"], request=None, responses={204: OpenApiResponse(description="Left")}
    )
    def leave(self, request: Request, slug: str, pk: int) -> Response:
        """Leave a chat into which one was chosen. 409 `chat_owner_stays`: the owner names another one first."""
        chat = self.get_chat(pk)
        if chat.owner_id != self.actor.person.pk:
            require(permissions.can_leave(self.actor, chat))
        leave(actor=self.actor, chat=chat)
        return Response(status=204)

    # --- Whoever keeps the registry does this without reading the chat ------------------------------------------------
    def answer_managed(self, pk: int) -> Response:
        return Response(detail_shape(self.actor, self.get_managed(pk)))

    @extend_schema(operation_id="chats_change", tags=["chats"], request=ChatFields, responses=ChatDetail)
    def partial_update(self, request: Request, slug: str, pk: int) -> Response:
        """Rename a chat, say what it is for, who writes, how often, how long messages are kept (CHAT-9)."""
        chat = self.get_managed(pk)
        require(permissions.can_change_chat(self.actor, chat))
        data = self.read(ChatFields)
        require("retention_days" not in data or permissions.can_change_retention(self.actor, chat))
        change_chat(actor=self.actor, chat=chat, changes=ChatChanges(**data))
        return self.answer_managed(pk)

    @extend_schema(operation_id="chats_archive", tags=["chats"], request=None, responses=ChatDetail)
    def archive(self, request: Request, slug: str, pk: int) -> Response:
        """Put a chat into the archive: its members read it, nobody writes."""
        chat = self.get_managed(pk)
        require(permissions.can_archive(self.actor, chat))
        archive_chat(actor=self.actor, chat=chat)
        return self.answer_managed(pk)

    @extend_schema(operation_id="chats_restore", tags=["chats"], request=None, responses=ChatDetail)
    def restore(self, request: Request, slug: str, pk: int) -> Response:
        """Bring a chat back from the archive."""
        chat = self.get_managed(pk)
        require(permissions.can_archive(self.actor, chat))
        restore_chat(actor=self.actor, chat=chat)
        return self.answer_managed(pk)

    @extend_schema(operation_id="chats_set_owner", tags=["chats"], request=OnePerson, responses=ChatDetail)
    def owner(self, request: Request, slug: str, pk: int) -> Response:
        """Let somebody of the staff answer for the chat from now on."""
        chat = self.get_managed(pk)
        require(permissions.can_change_members(self.actor, chat))
        person = referred(people_visible_to(self.actor), self.read(OnePerson)["person"], "person")
        set_owner(actor=self.actor, chat=chat, person=person)
        return self.answer_managed(pk)


def listed_shapes(actor: Actor, chats: Sequence[Chat]) -> list[Shape]:
    """Return `chats` as lists show them, in one query."""
    last = last_messages_of(chats)
    return [listed_shape(chat, last.get(chat.pk), actor.words) for chat in chats]


def found_shapes(actor: Actor, messages: Sequence[Message]) -> list[Shape]:
    """Return messages of several chats, each with its chat's name; as many queries for a hundred as for one."""
    parts = parts_of(messages)
    mine = seen_by(actor, chats_of(actor).filter(pk__in={message.chat_id for message in messages}))
    titles = {chat.pk: title_of(chat, actor.words) for chat in mine}
    return [
        {
            "message": message_shape(message, parts, actor.organization.slug),
            "chat": {"id": message.chat_id, "title": titles.get(message.chat_id, "")},
        }
        for message in messages
    ]
