"""An organization comes to be and changes its details."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.services import ensure_user
from common.errors import DomainError
from common.events import publish
from common.inn import read_inn
from common.text import clean, normalise
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import AcademicYear, Organization, Person, Role, Unit, UnitKind, Verification
from orgs.selectors.organizations import today_in
from orgs.services.people import PersonData, build_person, grant_role
from orgs.services.structure import sort_key_of
from orgs.vocabulary import EDITABLE, vocabulary_of

FIRST_DAY = (9, 1)
LAST_DAY = (8, 31)
DETAILS = (
    "name",
    "short_name",
    "inn",
    "region",
    "municipality",
    "address",
    "time_zone",
    "phone",
    "email",
    "site",
    "diary_url",
)
_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_LATIN = "a,b,v,g,d,e,e,zh,z,i,y,k,l,m,n,o,p,r,s,t,u,f,kh,ts,ch,sh,shch,,y,,e,yu,ya".split(",")  # noqa: SIM905
_TRANSLITERATION = dict(zip(_CYRILLIC, _LATIN, strict=True))


@dataclass(frozen=True)
class OrganizationData:
    """The details by which an organization is made (REG-1, REG-7)."""

    kind: str
    name: str
    short_name: str
    slug: str = ""
    time_zone: str = "Europe/Moscow"
    region: str = ""
    address: str = ""
    inn: str = ""
    municipality: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    diary_url: str = ""


@transaction.atomic
def create_organization(*, data: OrganizationData, administrator: PersonData) -> Organization:
    """Make a closed space with its default structure and its first administrator (REG-3, REG-4, REG-7, ORG-2).

    The administrator signs in with `administrator.phone` (E.164) and has the rights from then on. Raises
    `DomainError`: `slug_taken`, `name_required`, `inn_invalid`.
    """
    slug = data.slug or _free_slug(data.short_name)
    details = {name: _cleaned(name, getattr(data, name)) for name in DETAILS}
    try:
        with transaction.atomic():
            organization = Organization.objects.create(slug=slug, kind=data.kind, **details)
    except IntegrityError as error:
        message = _("This address is taken.")
        raise DomainError("slug_taken", message, fields={"slug": message}) from error
    make_default_structure(organization)
    record(organization, None, [Deed(Action.ORGANIZATION_CREATED)])
    _make_first_administrator(organization, administrator)
    publish("orgs.organization_created", organization=organization)
    return organization


def make_default_structure(organization: Organization) -> AcademicYear:
    """Make the current academic year and the system staff unit (ORG-2, REG-7); return the year."""
    today = today_in(organization)
    first_year = today.year if (today.month, today.day) >= (8, 1) else today.year - 1
    year = AcademicYear.objects.create(
        organization=organization,
        name=f"{first_year}/{first_year + 1}",
        starts_on=date(first_year, *FIRST_DAY),
        ends_on=date(first_year + 1, *LAST_DAY),
        is_current=True,
    )
    with translation.override(settings.LANGUAGE_CODE):  # the name is data: the same whoever creates it
        name = str(vocabulary_of(organization)["staff_unit"])
    Unit.objects.create(organization=organization, kind=UnitKind.STAFF, name=name, sort_key=sort_key_of(name))
    return year


def _make_first_administrator(organization: Organization, data: PersonData) -> Person:
    person = build_person(organization, data)
    person.user_id = ensure_user(data.phone, display_name=person.full_name).pk
    person.joined_at = organization.created_at
    # Named by the organization's own order, which the operator has seen (INV-9).
    person.verification, person.verified_at = Verification.CONFIRMED, organization.created_at
    person.save()
    grant_role(actor=None, person=person, role=Role.ADMINISTRATOR)
    return person


def slug_of(text: str) -> str:
    """Return Russian `text` as a part of an address in plain letters: «Первый день» → `pervyy-den`; may be empty."""
    return slugify("".join(_TRANSLITERATION.get(char, char) for char in normalise(text)))


def _free_slug(short_name: str) -> str:
    base = slug_of(short_name)[:50].strip("-") or "school"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@transaction.atomic
def update_organization(*, actor: Actor, details: Mapping[str, Any]) -> Organization:
    """Change the organization's details (REG-5); `details` holds some of `DETAILS`, text or empty.

    Raises `DomainError("inn_invalid")`.
    """
    organization = Organization.objects.select_for_update().get(pk=actor.organization.pk)
    values = {name: _cleaned(name, details[name] or "") for name in DETAILS if name in details}
    changed = [name for name, value in values.items() if getattr(organization, name) != value]
    for name in changed:
        setattr(organization, name, values[name])
    _save_changed(actor, organization, changed)
    return organization


def _cleaned(name: str, value: str) -> str:
    return read_inn(value) if name == "inn" and value.strip() else clean(value)


@transaction.atomic
def update_labels(*, actor: Actor, labels: Mapping[str, str]) -> Organization:
    """Put the organization's own words in place of its kind's (REG-7); an empty one returns to the kind's."""
    organization = Organization.objects.select_for_update().get(pk=actor.organization.pk)
    organization_labels = {key: clean(labels.get(key, "")) for key in EDITABLE}
    cleaned = {key: word for key, word in organization_labels.items() if word}
    if cleaned != organization.labels:
        organization.labels = cleaned
        _save_changed(actor, organization, ["labels"])
    return organization


@transaction.atomic
def let_administrators_see_statistics(*, actor: Actor, is_on: bool) -> Organization:
    """Say whether administrators see the statistics by their role (STAT-1); saying the same again changes nothing."""
    organization = Organization.objects.select_for_update().get(pk=actor.organization.pk)
    if organization.administrators_see_statistics != is_on:
        organization.administrators_see_statistics = is_on
        organization.save(update_fields=["administrators_see_statistics"])
        action = Action.STATISTICS_OF_ADMINISTRATORS if is_on else Action.NO_STATISTICS_OF_ADMINISTRATORS
        record(organization, actor, [Deed(action)])
    return organization


def _save_changed(actor: Actor, organization: Organization, changed: list[str]) -> None:
    if not changed:
        return
    organization.save(update_fields=changed)
    record(organization, actor, [Deed(Action.ORGANIZATION_CHANGED, details={"fields": changed})])


@transaction.atomic
def note_new_logo(*, actor: Actor, version: int) -> None:
    """Note the version of the logo after its file was changed (called by `files`); 0: there is none any more."""
    organization = Organization.objects.select_for_update().get(pk=actor.organization.pk)
    organization.logo_version = version
    organization.save(update_fields=["logo_version"])
    record(organization, actor, [Deed(Action.LOGO_CHANGED)])
