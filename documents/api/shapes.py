"""What the API says about documents, and what may come in. What a text may be is judged by the services."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.models import Document, DocumentKind, DocumentVersion
from documents.selectors.documents import MUST_READ, STATES
from documents.selectors.numbers import NUMBER_LENGTH
from documents.services.checks import NOTE_LENGTH, TITLE_LENGTH
from documents.services.publishing import REASON_LENGTH
from files.api.shapes import FileShape
from orgs.api.circles import MOST_CIRCLES, Circle, CircleShape
from orgs.api.fields import Id, PersonRef, Text
from readings.models import ParentsConfirm


# --- In ---------------------------------------------------------------------------------------------------------------
class RegisterQuery(serializers.Serializer[Any]):
    q = Text(required=False, allow_blank=True, max_length=200, default="", help_text="Words of the number and title.")
    kind = serializers.ChoiceField(required=False, choices=DocumentKind.choices)
    year = serializers.IntegerField(required=False, min_value=1990, max_value=9999)
    state = serializers.ChoiceField(required=False, choices=STATES)
    must_read = serializers.ChoiceField(
        required=False, choices=MUST_READ, help_text="`me`: I have to confirm; `anybody`: people are asked to."
    )


class DocumentFields(serializers.Serializer[Any]):
    """What is registered. What a change does not name stays."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    number = Text(required=False, allow_blank=True, max_length=NUMBER_LENGTH + 3, default="")
    issued_on = serializers.DateField()
    title = Text(max_length=TITLE_LENGTH)
    circles = serializers.ListField(
        child=Circle(), required=False, default=list, max_length=MOST_CIRCLES, help_text="Who may read it."
    )


class NewDocument(DocumentFields):
    file = Id(help_text="An upload of one's own (`files_upload`).")


class NewVersion(serializers.Serializer[Any]):
    file = Id(help_text="An upload of one's own (`files_upload`).")
    note = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH, default="", help_text="What has changed.")


class DraftChanges(serializers.Serializer[Any]):
    """What is not named stays."""

    file = Id(required=False, help_text="An upload of one's own that takes the file's place.")
    note = Text(required=False, allow_blank=True, max_length=NOTE_LENGTH)


class TermsOfReading(serializers.Serializer[Any]):
    circles = serializers.ListField(
        child=Circle(), required=False, allow_null=True, default=None, max_length=MOST_CIRCLES,
        help_text="Who must read it; null: whoever the document is for.",
    )  # fmt: skip
    due_on = serializers.DateField(required=False, allow_null=True, default=None)
    parents_confirm = serializers.ChoiceField(choices=ParentsConfirm.choices, default=ParentsConfirm.EACH)


class Publishing(serializers.Serializer[Any]):
    reading = TermsOfReading(
        required=False,
        allow_null=True,
        help_text="null: nobody has to read it. Left out: as the version before was given out, the first one not.",
    )


class Annulling(serializers.Serializer[Any]):
    reason = Text(max_length=REASON_LENGTH)


class HowToSend(serializers.Serializer[Any]):
    download = serializers.BooleanField(default=False, help_text="To be saved, also what a browser could show.")


# --- Out --------------------------------------------------------------------------------------------------------------
class OwnReading(serializers.Serializer[Document]):
    """What was given out for reading with the last published version, as the asking person sees it."""

    id = serializers.IntegerField(source="reading_id", read_only=True)
    due_on = serializers.DateField(read_only=True, allow_null=True)
    is_open = serializers.BooleanField(source="is_asking", read_only=True)
    asks_me = serializers.BooleanField(source="is_asked", read_only=True)
    confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)


class VersionShape(serializers.ModelSerializer[DocumentVersion]):
    """One version; a draft has no `published_at`. `checksum` is the SHA-256 of the file."""

    file = FileShape(read_only=True)
    checksum = serializers.CharField(source="file.sha256", read_only=True)
    content_url = serializers.SerializerMethodField()
    reading = serializers.IntegerField(source="reading_id", read_only=True, allow_null=True)

    class Meta:
        model = DocumentVersion
        fields = ["number", "note", "published_at", "file", "checksum", "content_url", "reading"]
        read_only_fields = fields

    def get_content_url(self, version: DocumentVersion) -> str:
        slug = self.context["actor"].organization.slug
        return reverse("api_document_file", args=[slug, version.document_id, version.number])


class ListedDocument(serializers.ModelSerializer[Document]):
    """A document in the register; `version` is the last published one, 0 of a draft."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices, read_only=True)
    state = serializers.SerializerMethodField()
    has_draft = serializers.BooleanField(read_only=True)
    reading = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = [
            *("id", "kind", "number", "issued_on", "title", "version", "state", "published_at"),
            *("annulled_at", "annulled_reason", "has_draft", "reading"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, document: Document) -> str:
        if document.annulled_at is not None:
            return "annulled"
        return "published" if document.version else "draft"

    @extend_schema_field(OwnReading(allow_null=True))
    def get_reading(self, document: Document) -> dict[str, Any] | None:
        is_given_out = document.reading_id is not None  # type: ignore[attr-defined]
        return dict(OwnReading(document).data) if is_given_out else None


class DocumentDetail(ListedDocument):
    """A document with its versions, the newest first. `circles` and `created_by` are told to those who issue
    documents; others get null."""

    versions = serializers.SerializerMethodField()
    circles = serializers.SerializerMethodField()
    created_by = serializers.SerializerMethodField()

    class Meta(ListedDocument.Meta):
        fields = [*ListedDocument.Meta.fields, "versions", "circles", "created_by"]
        read_only_fields = fields

    @extend_schema_field(VersionShape(many=True))
    def get_versions(self, document: Document) -> Any:
        return VersionShape(self.context["versions"], many=True, context=self.context).data

    @extend_schema_field(CircleShape(many=True, allow_null=True))
    def get_circles(self, document: Document) -> Any:
        circles = self.context["circles"]
        return CircleShape(circles, many=True).data if circles is not None else None

    @extend_schema_field(PersonRef(allow_null=True))
    def get_created_by(self, document: Document) -> Any:
        known = self.context["circles"] is not None and document.created_by is not None
        return PersonRef(document.created_by).data if known else None
