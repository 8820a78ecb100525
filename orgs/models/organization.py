"""An organization and the handover of its administration."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class Kind(models.TextChoices):
    """REG-7: the kind sets the words and the default structure (see orgs/vocabulary.py)."""

    SCHOOL = "school", _("school")
    KINDERGARTEN = "kindergarten", _("kindergarten")
    COLLEGE = "college", _("vocational college")
    SUPPLEMENTARY = "supplementary", _("supplementary education")


# Russia's eleven time zones, one representative each, plus the zones regions use under another name.
TIME_ZONES: list[tuple[str, "StrOrPromise"]] = [
    ("Europe/Kaliningrad", _("Kaliningrad, UTC+2")),
    ("Europe/Moscow", _("Moscow, UTC+3")),
    ("Europe/Saratov", _("Saratov, UTC+4")),
    ("Europe/Samara", _("Samara, UTC+4")),
    ("Asia/Yekaterinburg", _("Yekaterinburg, Perm, Orenburg, UTC+5")),
    ("Asia/Omsk", _("Omsk, UTC+6")),
    ("Asia/Novosibirsk", _("Novosibirsk, UTC+7")),
    ("Asia/Krasnoyarsk", _("Krasnoyarsk, UTC+7")),
    ("Asia/Irkutsk", _("Irkutsk, Ulan-Ude, UTC+8")),
    ("Asia/Yakutsk", _("Yakutsk, UTC+9")),
    ("Asia/Vladivostok", _("Vladivostok, UTC+10")),
    ("Asia/Magadan", _("Magadan, UTC+11")),
    ("Asia/Kamchatka", _("Kamchatka, UTC+12")),
]


def validate_time_zone(name: str) -> None:
    """Raise `ValidationError` unless `name` is an IANA time zone this machine knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("Unknown time zone.")) from error


class Organization(models.Model):
    """A closed space: nobody outside sees in (REG-3)."""

    slug = models.SlugField(_("address on the platform"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    name = models.CharField(_("full name"), max_length=400)
    short_name = models.CharField(_("short name"), max_length=120)
    # Empty for organizations made before registration asked for it.
    inn = models.CharField(_("INN"), max_length=12, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    municipality = models.CharField(_("municipality"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Europe/Moscow", validators=[validate_time_zone]
    )
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    site = models.URLField(_("site"), blank=True)
    diary_url = models.URLField(_("electronic diary"), blank=True)
    # Own words instead of the kind's: {"unit": "Класс", "teacher": "Наставник"}; keys in orgs/vocabulary.py.
    labels = models.JSONField(_("own words"), default=dict, blank=True)
    # 0 = no logo; another one at each change so that browsers may keep it for ever. The file hangs in `files`.
    logo_version = models.PositiveIntegerField(default=0, editable=False, verbose_name=_("version of the logo"))
    # STAT-1: by their role, or only with a grant of the head; here because every page's menu asks it.
    administrators_see_statistics = models.BooleanField(_("administrators see the statistics"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False, verbose_name=_("created at"))

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        permissions = [("view_statistics", _("See the statistics"))]
        default_permissions = ("add", "change", "delete", "view")
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="organization_kind_known"),
            models.CheckConstraint(condition=~models.Q(short_name=""), name="organization_has_name"),
            models.CheckConstraint(
                condition=models.Q(inn="") | models.Q(inn__regex=r"^([0-9]{10}|[0-9]{12})$"),
                name="organization_inn_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this organization's days begin and end."""
        return ZoneInfo(self.time_zone)


class HandoverOffer(models.Model):
    """REG-6: the administrator's duty, offered to a successor who accepts or declines."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="handovers", verbose_name=_("organization")
    )
    from_person = models.ForeignKey(
        "orgs.Person", on_delete=models.CASCADE, related_name="handovers_offered", verbose_name=_("who hands over")
    )
    to_person = models.ForeignKey(
        "orgs.Person", on_delete=models.CASCADE, related_name="handovers_received", verbose_name=_("successor")
    )
    # Whether the one who hands over stays an additional administrator.
    stays = models.BooleanField(_("remain an additional administrator"), default=False)
    created_at = models.DateTimeField(default=timezone.now, verbose_name=_("offered at"))
    accepted_at = models.DateTimeField(null=True, blank=True, verbose_name=_("accepted at"))
    declined_at = models.DateTimeField(null=True, blank=True, verbose_name=_("declined at"))
    withdrawn_at = models.DateTimeField(null=True, blank=True, verbose_name=_("withdrawn at"))

    class Meta:
        verbose_name = _("handover of administration")
        verbose_name_plural = _("handovers of administration")
        constraints = [
            # Two successors would both believe they are the one.
            models.UniqueConstraint(
                fields=["from_person"],
                name="handover_one_open_per_administrator",
                condition=models.Q(accepted_at=None, declined_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(
                condition=~models.Q(from_person=models.F("to_person")), name="handover_not_to_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_person} → {self.to_person}"
