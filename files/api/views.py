"""The organization's logo over the API (REG-5)."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import require
from files import permissions, services
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
