"""What a page asks all day: what came since, how far one has read; and what can be looked up in a chat."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chats.api.base import ChatView
from chats.api.inputs import ChangesQuery, FindQuery, MaterialsQuery, NotifyChoice, ReadMark
from chats.api.serializers import Changes, ChatMessage, Material, MessageList, UnreadCount
from chats.models import MessageFile
from chats.selectors.messages import changes_after, files_in, parts_of, pinned_in, read_by_others, search
from chats.services.reading import mark_read, set_notify
from chats.shapes import Shape, chat_shape, held_file_shape, message_shapes, person_shape
from orgs.api.base import NewestFirst


class ReadingView(ChatView):
    """`/o/<slug>/chats/<id>/changes/` and its neighbours."""

    serializer_class = Changes
    pagination_class = NewestFirst

    @extend_schema(operation_id="chat_changes", tags=["chats"], parameters=[ChangesQuery], responses=Changes)
    def changes(self, request: Request, slug: str, pk: int) -> Response:
        """What came after an event, as it is now (docs/websocket.md). Whoever asks until `has_more` is false missed
        nothing."""
        chat = self.get_chat(pk)
        after = self.read_query(ChangesQuery)["after"]
        found = changes_after(chat, after)
        answer = {
            **self.list_shape(found.messages),
            "chat": chat_shape(chat, self.actor.words) if chat.changed_event > after else None,
            "last_event": found.last_event,
            "has_more": found.has_more,
            "kept_after": chat.kept_after,
            "read_by_others": read_by_others(chat, self.actor.person.pk),
        }
        return Response(answer)

    @extend_schema(operation_id="chat_read", tags=["chats"], request=ReadMark, responses={200: UnreadCount})
    def read_up_to(self, request: Request, slug: str, pk: int) -> Response:
        """Note that I have read everything up to a message; the mark never moves back (CHAT-4)."""
        chat = self.get_own_chat(pk)
        return Response({"unread": mark_read(actor=self.actor, chat=chat, number=self.read(ReadMark)["number"])})

    @extend_schema(operation_id="chat_notify", tags=["chats"], request=NotifyChoice, responses=NotifyChoice)
    def notify(self, request: Request, slug: str, pk: int) -> Response:
        """Choose what to be notified of in this chat."""
        chat = self.get_own_chat(pk)
        choice = self.read(NotifyChoice)["notify"]
        set_notify(actor=self.actor, chat=chat, notify=choice)
        return Response({"notify": choice})

    @extend_schema(operation_id="chat_pinned", tags=["chats"], responses=MessageList)
    def pinned(self, request: Request, slug: str, pk: int) -> Response:
        """The pinned messages, the latest pinned first."""
        return Response(self.list_shape(pinned_in(self.get_chat(pk))))

    @extend_schema(
        operation_id="chat_files", tags=["chats"], parameters=[MaterialsQuery], responses=Material(many=True)
    )
    def files(self, request: Request, slug: str, pk: int) -> Response:
        """The materials of the chat, the newest first (CHAT-5)."""
        files = files_in(self.get_chat(pk))
        if kind := self.read_query(MaterialsQuery).get("kind"):
            files = files.filter(file__kind=kind)
        return self.shaped_page(files, lambda rows: [self.material(row) for row in rows])

    def material(self, row: MessageFile) -> Shape:
        return {
            **held_file_shape(row, self.actor.organization.slug),
            "message_id": row.message_id,
            "number": row.message.number,
            "author": person_shape(row.message.author),
            "created_at": row.message.created_at.isoformat(),
        }

    @extend_schema(operation_id="chat_search", tags=["chats"], parameters=[FindQuery], responses=ChatMessage(many=True))
    def search(self, request: Request, slug: str, pk: int) -> Response:
        """Messages of this chat with every word of `q`, the newest first (CHAT-4)."""
        chat = self.get_chat(pk)
        found = search(self.actor, self.read_query(FindQuery)["q"], chat=chat)
        slug = self.actor.organization.slug
        return self.shaped_page(found, lambda rows: message_shapes(rows, parts_of(rows), slug))
