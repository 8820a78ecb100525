"""Who is in a chat, who moderates it, and the link into it."""

from collections.abc import Sequence
from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chats import permissions
from chats.addresses import link_url
from chats.api.base import ChatView
from chats.api.inputs import FindQuery, LinkTerms, SeveralPeople
from chats.api.serializers import AddedCount, ChatMemberShape, LinkIntoChat
from chats.models import Chat, ChatLink
from chats.selectors.people import describe, find_members
from chats.selectors.safety import link_into, listed_in
from chats.services.members import add_members, make_link, remove_member, revoke_link, set_moderator
from chats.shapes import Shape
from common.errors import require
from orgs.actor import Actor
from orgs.api.base import ByName, referred_all
from orgs.models import Person
from orgs.selectors.people import people_visible_to


class MemberListView(ChatView):
    """`/o/<slug>/chats/<id>/members/` and its neighbours."""

    serializer_class = ChatMemberShape
    pagination_class = ByName

    def get_listed_chat(self, pk: int) -> Chat:
        """Return a chat whose list of members the actor may change; 404 or 403."""
        chat = self.get_managed(pk)
        require(permissions.can_change_members(self.actor, chat))
        return chat

    @extend_schema(
        operation_id="chat_members_list", tags=["chats"], parameters=[FindQuery], responses=ChatMemberShape(many=True)
    )
    def list(self, request: Request, slug: str, pk: int) -> Response:
        """Who is in the chat today, by name, and what they are here (CHAT-8)."""
        chat = self.get_managed(pk)
        people = find_members(chat, self.read_query(FindQuery)["q"])

        return self.shaped_page(people, partial(member_shapes, self.actor, chat))

    @extend_schema(operation_id="chat_members_add", tags=["chats"], request=SeveralPeople, responses={201: AddedCount})
    def create(self, request: Request, slug: str, pk: int) -> Response:
        """Choose people into the chat; `count` is how many were not in it yet."""
        chat = self.get_listed_chat(pk)
        visible = people_visible_to(self.actor).filter(roles__until=None).distinct()
        people = referred_all(visible, self.read(SeveralPeople)["people"], "people")
        return Response({"count": add_members(actor=self.actor, chat=chat, people=people)}, status=201)

    @extend_schema(
        operation_id="chat_members_remove",
        tags=["chats"],
        responses={204: OpenApiResponse(description="No longer in the chat")},
    )
    def destroy(self, request: Request, slug: str, pk: int, person: int) -> Response:
        """Take somebody out of the chat's list (CHAT-8). 409 `chat_owner_stays`."""
        chat = self.get_listed_chat(pk)
        remove_member(actor=self.actor, chat=chat, person=self.get_listed(chat, person))
        return Response(status=204)

    def get_listed(self, chat: Chat, person: int) -> Person:
        return get_object_or_404(listed_in(chat), person__pk=person).person

    @extend_schema(
        operation_id="chat_moderators_set",
        tags=["chats"],
        request=None,
        responses={204: OpenApiResponse(description="Moderates the chat")},
    )
    def set_moderator(self, request: Request, slug: str, pk: int, person: int) -> Response:
        """Name a chosen member of the staff a moderator (CHAT-9)."""
        chat = self.get_listed_chat(pk)
        set_moderator(actor=self.actor, chat=chat, person=self.get_listed(chat, person), moderates=True)
        return Response(status=204)

    @extend_schema(
        operation_id="chat_moderators_unset",
        tags=["chats"],
        responses={204: OpenApiResponse(description="Moderates the chat no longer")},
    )
    def unset_moderator(self, request: Request, slug: str, pk: int, person: int) -> Response:
        """Take the moderator's duty back."""
        chat = self.get_listed_chat(pk)
        set_moderator(actor=self.actor, chat=chat, person=self.get_listed(chat, person), moderates=False)
        return Response(status=204)


def member_shapes(actor: Actor, chat: Chat, people: Sequence[Person]) -> list[Shape]:
    """Return a page of the chat's members; as many queries for a hundred as for one."""
    return [
        {
            "id": row.person.pk,
            "name": row.person.full_name,
            "labels": row.labels,
            "is_owner": row.person.pk == chat.owner_id,
            "is_moderator": row.is_moderator,
            "has_joined": row.person.has_joined,
        }
        for row in describe(actor, chat, people)
    ]


class LinkView(ChatView):
    """`/o/<slug>/chats/<id>/link/`: who may choose members may let them come by themselves (INV-10)."""

    serializer_class = LinkIntoChat
    pagination_class = None

    def get_open_chat(self, pk: int) -> Chat:
        """Return a chat into which the actor may let people come; 404 or 403."""
        chat = self.get_managed(pk)
        require(permissions.can_make_link(self.actor, chat))
        return chat

    def answer_link(self, link: ChatLink, *, status: int = 200) -> Response:
        shape = {
            "url": link_url(link, self.actor.organization.slug),
            "expires_at": link.expires_at.isoformat(),
            "uses": link.uses,
        }
        return Response(shape, status=status)

    @extend_schema(operation_id="chat_link_get", tags=["chats"], responses=LinkIntoChat)
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """The link that works today; 404 without one."""
        link = link_into(self.get_open_chat(pk))
        if link is None:
            raise Http404
        return self.answer_link(link)

    @extend_schema(operation_id="chat_link_make", tags=["chats"], request=LinkTerms, responses={201: LinkIntoChat})
    def create(self, request: Request, slug: str, pk: int) -> Response:
        """Make the link for people of this organization; an older one stops working."""
        chat = self.get_open_chat(pk)
        return self.answer_link(make_link(actor=self.actor, chat=chat, **self.read(LinkTerms)), status=201)

    @extend_schema(
        operation_id="chat_link_revoke", tags=["chats"], responses={204: OpenApiResponse(description="Annulled")}
    )
    def destroy(self, request: Request, slug: str, pk: int) -> Response:
        """Annul the link."""
        revoke_link(actor=self.actor, chat=self.get_open_chat(pk))
        return Response(status=204)
