"""Posts and what hangs on them (CHAN-3)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels_app.models.channel import Channel
from files.models import StoredFile
from orgs.models import Organization, Person
from polls.models import Poll
from readings.models import Reading

MOST_TITLE = 200
MOST_TEXT = 12_000
MOST_COMMENT = 2000


class ReactionKind(models.TextChoices):
    """The small set; the sign is drawn by the page."""

    LIKE = "like", _("Like")
    HEART = "heart", _("Love it")
    CLAP = "clap", _("Bravo")
    THANKS = "thanks", _("Thank you")
    SAD = "sad", _("Sorry to hear")


class Post(models.Model):
    """A post: a draft, planned, published or removed — by its time stamps.

    Counters stand in the row, so a feed costs the same for three readers and three thousand.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="posts", verbose_name=_("channel"))
    # In whose name it stands: who wrote it, or who proposed it (CHAN-2).
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    # Who keeps the draft or pressed «Опубликовать».
    editor = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("editor"))
    title = models.CharField(_("title"), max_length=MOST_TITLE, blank=True)
    # As typed; `html` is made from it once, at writing (common.markup), and never from outside.
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True, editable=False)
    # Title and words without markup, normalised: what search looks in.
    search_text = models.TextField(blank=True, editable=False)
    poll = models.OneToOneField(
        Poll, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("poll")
    )
    reading = models.OneToOneField(
        Reading, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("required reading")
    )
    # Made by the writer's page: sending again after a lost answer makes no second post.
    client_key = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("written at"))
    # When it is to appear by itself.
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    # Counts edits of the words: two editors do not write over each other.
    revision = models.PositiveIntegerField(default=1, editable=False)
    pinned_at = models.DateTimeField(_("pinned at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    deleted_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("removed by")
    )
    view_count = models.PositiveIntegerField(_("views"), default=0, editable=False)
    comment_count = models.PositiveIntegerField(_("comments"), default=0, editable=False)
    # {kind: how many}, kept under the lock of the row.
    reactions = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            # One pinned post: two would fight for the place.
            models.UniqueConstraint(
                fields=["channel"],
                name="post_one_pinned",
                condition=models.Q(pinned_at__isnull=False, deleted_at=None),
            ),
            models.CheckConstraint(
                condition=models.Q(pinned_at=None) | models.Q(published_at__isnull=False),
                name="post_pinned_is_published",
            ),
            models.UniqueConstraint(
                fields=["editor", "client_key"],
                name="post_client_key_once",
                condition=models.Q(client_key__isnull=False),
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="post_in_organization"),
        ]
        indexes = [
            models.Index(
                fields=["channel", "-published_at", "-id"],
                name="post_of_channel",
                condition=models.Q(published_at__isnull=False, deleted_at=None),
            ),
            models.Index(
                fields=["organization", "-published_at", "-id"],
                name="post_latest",
                condition=models.Q(published_at__isnull=False, deleted_at=None),
            ),
            # The job that publishes asks every minute.
            models.Index(
                fields=["publish_at"],
                name="post_due",
                condition=models.Q(publish_at__isnull=False, published_at=None, deleted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"post {self.pk}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.deleted_at is None

    @property
    def is_planned(self) -> bool:
        return self.publish_at is not None and self.published_at is None


class PostFile(models.Model):
    """A file of a post; pictures are its gallery."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="files", verbose_name=_("post"))
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="+", verbose_name=_("file"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("file of a post")
        verbose_name_plural = _("files of posts")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["post", "file"], name="post_file_once")]

    def __str__(self) -> str:
        return f"{self.file_id} of {self.post_id}"


class PostVersion(models.Model):
    """How a published post read before an edit; append only."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions", verbose_name=_("post"))
    revision = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=MOST_TITLE, blank=True)
    text = models.TextField(_("text"), blank=True)
    # Names as values: the files themselves may be gone.
    file_names = models.JSONField(default=list, blank=True, verbose_name=_("files"))
    changed_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("earlier version of a post")
        verbose_name_plural = _("earlier versions of posts")
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["post", "revision"], name="post_version_once")]

    def __str__(self) -> str:
        return f"{self.post_id}, version {self.revision}"


class PostView(models.Model):
    """That a person has seen a post; counted once."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="views", verbose_name=_("post"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    seen_at = models.DateTimeField(_("seen at"), default=timezone.now)

    class Meta:
        verbose_name = _("view of a post")
        verbose_name_plural = _("views of posts")
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="post_view_once")]
        indexes = [models.Index(fields=["person", "post"], name="post_view_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} saw {self.post_id}"


class Reaction(models.Model):
    """One reaction of one person."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="given_reactions", verbose_name=_("post"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("reaction"), max_length=8, choices=ReactionKind)
    created_at = models.DateTimeField(_("given at"), default=timezone.now)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [
            # A double tap counts once.
            models.UniqueConstraint(fields=["post", "person"], name="reaction_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ReactionKind.values), name="reaction_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class Comment(models.Model):
    """A comment on a post. A deleted one stays as a trace without its words."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments", verbose_name=_("post"))
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True, editable=False)
    # Made by the sender's page: sending again after a lost answer makes no second comment.
    client_key = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    deleted_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("deleted by")
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "client_key"],
                name="comment_client_key_once",
                condition=models.Q(client_key__isnull=False),
            ),
            # What is deleted is gone: no words stay behind.
            models.CheckConstraint(
                condition=models.Q(deleted_at=None) | models.Q(text="", html=""), name="comment_deleted_is_empty"
            ),
        ]
        indexes = [models.Index(fields=["post", "id"], name="comment_of_post")]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.post_id}"
