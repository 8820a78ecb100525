"""What the API says about a file."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from files.models import FileKind, StoredFile
from orgs.api.fields import NULLABLE_TEXT


class FileUpload(serializers.Serializer[Any]):
    file = serializers.FileField(
        allow_empty_file=True,  # refused by the service, in words
        help_text=(
            "Up to 50 MB (documents and sound), 20 MB (pictures) or 200 MB (video). PDF, Word, Excel, PowerPoint, "
            "OpenDocument, RTF, plain text, CSV, ZIP; PNG, JPEG, WebP, GIF, HEIC; MP4, WebM, MOV; MP3, OGG, M4A, WAV."
        ),
    )


class FileShape(serializers.ModelSerializer[StoredFile]):
    """A file, whoever holds it; `size` in bytes, `width` and `height` of pictures only."""

    name = serializers.CharField(source="original_name", read_only=True)
    kind = serializers.ChoiceField(choices=FileKind.choices, read_only=True)

    class Meta:
        model = StoredFile
        fields = ["id", "name", "kind", "content_type", "size", "width", "height"]
        read_only_fields = fields


class UnclaimedFile(FileShape):
    """An upload that hangs on nothing yet; its addresses work for its uploader until it is used."""

    content_url = serializers.SerializerMethodField()
    preview_url = serializers.SerializerMethodField()

    class Meta(FileShape.Meta):
        fields = [*FileShape.Meta.fields, "content_url", "preview_url", "uploaded_at"]
        read_only_fields = fields

    def get_content_url(self, file: StoredFile) -> str:
        return reverse("api_files-content", args=[self.context["actor"].organization.slug, file.pk])

    @extend_schema_field(NULLABLE_TEXT)
    def get_preview_url(self, file: StoredFile) -> str | None:
        """Where the small copy is; null for everything but pictures."""
        return f"{self.get_content_url(file)}?preview=1" if file.kind == FileKind.PICTURE else None


class HeldFile(serializers.Serializer[Any]):
    """A file of a message or a post; its addresses work for those who may read what it hangs on."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=FileKind.choices)
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    url = serializers.CharField()
    preview_url = serializers.CharField(allow_null=True, help_text="A small copy of a picture.")
