"""Merging two people and undoing it: one work, done at once (ORG-7)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.events import publish
from common.text import normalise
from movement.services.merging.relations import move
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Guardianship, Person, Verification
from works.models import Work
from works.services import running
from works.services.ledger import Ledger

# What is chosen side by side: whose value stays.
FIELDS = (
    *("last_name", "first_name", "patronymic", "birth_date"),
    *("phone", "email", "position", "record_number"),
)
_NAMES = ("last_name", "first_name", "patronymic")


def merge(*, actor: Actor, kept: Person, gone: Person, from_gone: Mapping[str, bool]) -> Work:
    """Merge `gone` into `kept` at once and return the work, by which it is undone within 30 days.

    `from_gone` names fields of `FIELDS` and whether the value of `gone` stays; a field that is not named keeps what
    `kept` has, or takes over what only `gone` has. Raises `DomainError`: `same_person`, `merged_already`,
    `relatives` (parent and child), `both_have_accounts`, `work_under_way`.
    """
    check(kept, gone)
    chosen = [name for name in FIELDS if from_gone.get(name, not getattr(kept, name))]
    parameters = {"kept": kept.pk, "gone": gone.pk, "fields": chosen}
    return running.begin_and_finish(actor=actor, kind="merge", parameters=parameters)


def check(kept: Person, gone: Person) -> None:
    """Refuse what cannot be merged; raises `DomainError` as `merge` does. One query."""
    if kept.pk == gone.pk or kept.organization_id != gone.organization_id:
        raise DomainError("same_person", _("Choose two different people."), status=400)
    if kept.merged_into_id is not None or gone.merged_into_id is not None:
        raise DomainError("merged_already", _("One of the two was merged already."))
    pair = (kept.pk, gone.pk)
    if Guardianship.objects.filter(parent__in=pair, child__in=pair, until=None).exists():
        raise DomainError("relatives", _("These are parent and child: untie them first if that is a mistake."))
    _user_of(kept, gone)


def _user_of(kept: Person, gone: Person) -> int | None:
    """Return the account the merged person signs in with; an account nobody has confirmed gives way."""
    accounts = [person.user for person in (kept, gone) if person.user is not None]
    if len(accounts) == 2:
        confirmed = [user for user in accounts if user.is_confirmed]
        if len(confirmed) == 2:
            message = _("Both have signed in with accounts of their own. Remove the roles of the one not in use first.")
            raise DomainError("both_have_accounts", message)
        accounts = confirmed or accounts[:1]
    return accounts[0].pk if accounts else None


def write(work: Work, ledger: Ledger) -> dict[str, Any]:
    """Do the merging that `work` describes, through the ledger; return its outcome.

    Both rows are locked in the order of their ids: two administrators merging the same two, or each into the other,
    are put in a row, and the second one is refused.
    """
    wanted = work.parameters
    ids = (wanted["kept"], wanted["gone"])
    people = Person.objects.filter(pk__in=ids, organization_id=work.organization_id)
    # Accounts are read after the lock is held: who joins meanwhile is seen.
    found = {row.pk: row for row in people.select_for_update(no_key=True).order_by("pk")}
    if len(found) < 2:
        raise DomainError("same_person", _("Choose two different people."), status=400)
    kept, gone = found[wanted["kept"]], found[wanted["gone"]]
    kept.organization = gone.organization = work.organization
    check(kept, gone)
    names = {"kept_name": kept.full_name, "gone_name": gone.full_name}
    _take_over(kept, gone, wanted["fields"], ledger)
    publish("movement.people_merging", kept=kept, gone=gone, ledger=ledger)
    moved, stayed = move(gone, kept, ledger)
    details = {"other": gone.full_name, "other_id": gone.pk}
    record(work.organization, work.started_by, [Deed(Action.PERSON_MERGED, kept, details=details)])
    _tell(kept, gone)
    return {"moved": moved, "stayed": stayed, **names}


def _take_over(kept: Person, gone: Person, fields: list[str], ledger: Ledger) -> None:
    user_id = _user_of(kept, gone)
    moments = [person.joined_at for person in (kept, gone) if person.joined_at is not None]
    values: dict[str, Any] = {name: getattr(gone, name) for name in fields}
    values |= {"user_id": user_id, "joined_at": min(moments) if user_id and moments else None}
    if gone.verification == Verification.CONFIRMED != kept.verification:
        of_status = ("verification", "verification_reason", "verified_at")
        values |= {name: getattr(gone, name) for name in of_status}
    full_name = " ".join(filter(None, (values.get(name, getattr(kept, name)) for name in _NAMES)))
    values["search_name"] = normalise(full_name)[:250]
    # The one that goes gives its account and the number of its file free first.
    ledger.change([gone], {gone.pk: {"merged_into_id": kept.pk, "user_id": None}})
    ledger.change([kept], {kept.pk: values})


def _tell(*people: Person) -> None:
    for person in people:
        publish("orgs.membership_changed", person=person)


@transaction.atomic
def tell_undone(work: Work) -> None:
    """After the undoing: the journal says so, pages of both look anew. Raises nothing."""
    undone = Work.objects.select_related("organization", "undone_by").get(pk=work.pk)
    ids = (undone.parameters["kept"], undone.parameters["gone"])
    found = {row.pk: row for row in Person.objects.filter(Q(pk__in=ids)).select_related("organization")}
    kept, gone = found[ids[0]], found[ids[1]]
    details = {"other": gone.full_name, "other_id": gone.pk}
    record(undone.organization, undone.undone_by, [Deed(Action.PERSON_UNMERGED, kept, details=details)])
    _tell(kept, gone)
