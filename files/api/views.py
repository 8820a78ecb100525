"""Uploads (CHAT-5) and the organization's logo (REG-5) over the API."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from files import formats, permissions, services
from files.api.shapes import FileUpload, UnclaimedFile
from files.models import StoredFile
from files.selectors import unclaimed_of
from files.serving import respond
from files.upload_limit import expect_large_upload
from orgs.api.base import MemberViewSet


class LogoUpload(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="PNG, JPEG or WebP.")


class Logo(serializers.Serializer[Any]):
    """Where the logo is; the address changes with the picture."""

    version = serializers.IntegerField(read_only=True)
    url = serializers.CharField(read_only=True)


class LogoViewSet(MemberViewSet):
    """`/o/<slug>/logo/`."""

    serializer_class = Logo
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="logo_set", tags=["organization"], request={"multipart/form-data": LogoUpload}, responses=Logo
    )
    def update(self, request: Request, slug: str) -> Response:
        """Put another picture in place of the logo; it is drawn anew as PNG, at most 512 pixels wide and high."""
        require(permissions.can_change_logo(self.actor))
        version = services.set_logo(actor=self.actor, upload=self.read(LogoUpload)["file"])
        return self.answer(Logo, {"version": version, "url": reverse("files:logo", args=[slug, version])})

    @extend_schema(
        operation_id="logo_remove", tags=["organization"], responses={204: OpenApiResponse(description="Gone")}
    )
    def destroy(self, request: Request, slug: str) -> Response:
        """Take the logo away."""
        require(permissions.can_change_logo(self.actor))
        services.remove_logo(actor=self.actor)
        return Response(status=204)


class HowToSend(serializers.Serializer[Any]):
    preview = serializers.BooleanField(default=False, help_text="The small copy of a picture.")
    download = serializers.BooleanField(default=False, help_text="To be saved, also what a browser could show.")


class FileViewSet(MemberViewSet):
    """`/o/<slug>/files/`: one's own uploads until something holds them; then they are read where they hang."""

    serializer_class = UnclaimedFile
    parser_classes = (MultiPartParser,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            expect_large_upload(request)
        return super().dispatch(request, *args, **kwargs)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """A picture on a page asks for pictures, not for JSON."""
        return super().perform_content_negotiation(request, force=True)

    def get_queryset(self) -> QuerySet[StoredFile]:
        return unclaimed_of(self.actor)

    @extend_schema(
        operation_id="files_upload",
        tags=["files"],
        request={"multipart/form-data": FileUpload},
        responses={201: UnclaimedFile, 413: OpenApiResponse(OpenApiTypes.OBJECT, "The body is too large")},
    )
    def create(self, request: Request, slug: str) -> Response:
        """Upload one file, to be named by its id in what is written next (`file_ids` of a message). What it is is found
        by its content. Pictures are drawn anew: places and other hidden things are gone, an animation becomes a still
        picture. What is not used within a day is removed."""
        stored = services.upload(actor=self.actor, upload=self.read(FileUpload)["file"])
        return self.answer(UnclaimedFile, stored, status=201)

    @extend_schema(operation_id="files_get", tags=["files"], responses=UnclaimedFile)
    def retrieve(self, request: Request, slug: str, pk: int) -> Response:
        """An upload of one's own that is not used yet."""
        return self.answer(UnclaimedFile, get_object_or_404(self.get_queryset(), pk=pk))

    @extend_schema(operation_id="files_remove", tags=["files"], responses={204: OpenApiResponse(description="Gone")})
    def destroy(self, request: Request, slug: str, pk: int) -> Response:
        """Remove an upload of one's own that is not used yet."""
        services.discard(actor=self.actor, stored=get_object_or_404(self.get_queryset(), pk=pk))
        return Response(status=204)

    @extend_schema(
        operation_id="files_content",
        tags=["files"],
        parameters=[HowToSend],
        responses={
            **{(200, content_type): OpenApiTypes.BINARY for content_type in formats.CONTENT_TYPES},
            **{(206, content_type): OpenApiTypes.BINARY for content_type in formats.CONTENT_TYPES},
            304: OpenApiResponse(description="The browser has it (If-None-Match)"),
            416: OpenApiResponse(description="No such part (Range)"),
        },
    )
    def content(self, request: Request, slug: str, pk: int) -> HttpResponseBase:
        """The bytes of an upload of one's own that is not used yet, whole or in part (`Range`)."""
        stored = get_object_or_404(self.get_queryset(), pk=pk)
        return respond(stored, request=request, **self.read_query(HowToSend))
