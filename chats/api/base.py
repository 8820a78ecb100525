"""What the views of chats share: which chat an address means, and pages of shapes built by hand."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from chats.detail import detail_shape
from chats.models import Chat, Message
from chats.selectors.chats import find_chat
from chats.selectors.messages import messages_of, parts_of, whole
from chats.selectors.safety import find_managed
from chats.shapes import Shape, message_shape, message_shapes, votes_shape
from common.errors import require
from orgs.api.base import MemberViewSet


class ChatView(MemberViewSet):
    """Base of everything below `/o/<slug>/chats/`."""

    def get_chat(self, pk: int) -> Chat:
        """Return a chat the actor may read with what depends on who reads, in one query; 404."""
        chat = find_chat(self.actor, pk)
        if chat is None:
            raise Http404
        return chat

    def get_own_chat(self, pk: int) -> Chat:
        """Return a chat the actor is in: who only looks into it may do nothing there (403)."""
        chat = self.get_chat(pk)
        require(chat.is_member)  # type: ignore[attr-defined]
        return chat

    def get_managed(self, pk: int) -> Chat:
        """Return a chat whose settings and people the actor may see, also without reading it; 404."""
        chat = find_managed(self.actor, pk)
        if chat is None:
            raise Http404
        return chat

    def get_message(self, chat: Chat, pk: int) -> Message:
        return get_object_or_404(whole(messages_of(chat)), pk=pk)

    def answer_detail(self, pk: int, *, status: int = 200) -> Response:
        return Response(detail_shape(self.actor, self.get_chat(pk)), status=status)

    def answer_message(self, message: Message, *, status: int = 200) -> Response:
        shape = message_shape(message, parts_of([message]), self.actor.organization.slug)
        return Response(shape, status=status)

    def list_shape(self, messages: Sequence[Message]) -> Shape:
        """Return `messages` with the actor's own votes; as many queries for a hundred as for one."""
        parts = parts_of(messages, person_id=self.actor.person.pk)
        shapes = message_shapes(messages, parts, self.actor.organization.slug)
        return {"messages": shapes, "votes": votes_shape(messages, parts)}

    def shaped_page(self, rows: QuerySet[Any], shapes: Callable[[Sequence[Any]], list[Shape]]) -> Response:
        """Answer with one page of `rows`, which `shapes` turns into JSON all at once."""
        found = self.paginator.paginate_queryset(rows, self.request, view=self)  # type: ignore[union-attr]
        return self.paginator.get_paginated_response(shapes(found or []))  # type: ignore[union-attr]
