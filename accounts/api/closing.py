"""Archives of one's data, deleting the account, «hacked» over the API (ACC-2, ACC-3). A key does none of it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.common import me, require_session
from accounts.models import AccountDeletion, DataExport, ExportState
from accounts.selectors import deletion_of, exports_of
from accounts.services.deletion import ask_deletion, call_off_deletion
from accounts.services.exporting import ask_export
from accounts.services.hacked import report_hacked
from common.api import CursorPagination


class ExportSerializer(serializers.ModelSerializer[DataExport]):
    state = serializers.ChoiceField(choices=ExportState.choices, read_only=True)

    class Meta:
        model = DataExport
        fields = ["id", "state", "requested_at", "ready_at", "expires_at", "size"]
        read_only_fields = fields


class DeletionSerializer(serializers.ModelSerializer[AccountDeletion]):
    class Meta:
        model = AccountDeletion
        fields = ["asked_at", "due_at"]
        read_only_fields = fields


class EndedSerializer(serializers.Serializer[Any]):
    sessions = serializers.IntegerField(help_text="Other sessions that were ended.")
    keys = serializers.IntegerField()
    devices = serializers.IntegerField()


class NewestAsked(CursorPagination):
    ordering = ("-requested_at", "-id")


class ExportsView(generics.ListAPIView[DataExport]):
    """My archives, the newest first; the file itself is fetched at `/account/data/<id>/`."""

    serializer_class = ExportSerializer
    pagination_class = NewestAsked
    filter_backends = []

    def get_queryset(self) -> QuerySet[DataExport]:
        return exports_of(me(self.request))

    @extend_schema(request=None, responses={201: ExportSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin an archive; the one that is being made is answered again."""
        require_session(request)
        return Response(ExportSerializer(ask_export(me(request))).data, status=status.HTTP_201_CREATED)


class DeletionView(APIView):
    @extend_schema(responses=DeletionSerializer, operation_id="my_deletion")
    def get(self, request: Request) -> Response:
        """Until when the deletion can be called off; 404 when nobody asked for it."""
        deletion = deletion_of(me(request))
        if deletion is None:
            raise NotFound
        return Response(DeletionSerializer(deletion).data)

    @extend_schema(request=None, responses={201: DeletionSerializer}, operation_id="ask_deletion")
    def post(self, request: Request) -> Response:
        """Ask for the account to be deleted; 409 `last_administrator` before the duty is handed over."""
        require_session(request)
        return Response(DeletionSerializer(ask_deletion(me(request))).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: OpenApiResponse(description="The account stays")}, operation_id="call_off_deletion")
    def delete(self, request: Request) -> Response:
        """Keep the account."""
        require_session(request)
        call_off_deletion(me(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class HackedView(APIView):
    @extend_schema(request=None, responses=EndedSerializer, operation_id="report_hacked")
    def post(self, request: Request) -> Response:
        """End whatever a stranger may hold, and tell the administrators."""
        require_session(request)
        return Response(EndedSerializer(report_hacked(me(request), request.session.session_key)).data)
