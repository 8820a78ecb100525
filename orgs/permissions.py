"""Who may change what: pure predicates over an actor and the thing. Forbidden is 403."""

from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import Audience, HandoverOffer, Kind, Person, Role, Unit, UnitKind
from orgs.selectors.people import has_connected_head

# What can be given by a link; administrators are appointed from those who joined (REG-6).
UNIT_ROLES = (Role.STUDENT, Role.PARENT)
STAFF_ROLES_BY_LINK = (Role.TEACHER, Role.HEAD)
SEE_STATISTICS = "view_statistics"


def can_see_people(actor: Actor) -> bool:
    """The roster is for staff; parents and students meet people on the pages of their units."""
    return actor.is_staff


def can_manage_organization(actor: Actor) -> bool:
    """Change the organization's details, words and logo (REG-5)."""
    return actor.may(Capability.MANAGE_ORGANIZATION)


def can_manage_structure(actor: Actor) -> bool:
    """Create, rename, archive and restore units (ORG-1)."""
    return actor.may(Capability.MANAGE_STRUCTURE)


def can_change_unit(actor: Actor, unit: Unit) -> bool:
    """Units are changed by whoever manages the structure; the staff unit can be renamed, nothing more."""
    return can_manage_structure(actor) and unit.organization_id == actor.organization.pk


def can_archive_unit(actor: Actor, unit: Unit) -> bool:
    """Archive and restore: every unit but the system one (ORG-2)."""
    return can_change_unit(actor, unit) and not unit.is_staff_unit


def can_manage_people(actor: Actor) -> bool:
    """Add people, correct their data, enrol them (ORG-3, ORG-5, ORG-7)."""
    return actor.may(Capability.MANAGE_PEOPLE)


def can_change_person(actor: Actor, person: Person) -> bool:
    """Change somebody's data, roles, units and family."""
    return can_manage_people(actor) and person.organization_id == actor.organization.pk


def can_report_movement(actor: Actor) -> bool:
    """Tell the administrator of staff and students who come and go (ORG-6), and see what became of it."""
    return actor.may(Capability.REPORT_MOVEMENT)


def can_see_consents(actor: Actor) -> bool:
    """Read the register of consents (ORG-11); whoever leads a unit sees that of the unit."""
    return actor.may(Capability.SEE_CONSENTS) or bool(actor.led_unit_ids)


def can_change_administrators(actor: Actor) -> bool:
    """Appoint and remove administrators (REG-6)."""
    return actor.may(Capability.MANAGE_ADMINISTRATORS)


def can_see_contacts(actor: Actor, person: Person) -> bool:
    """Phone and e-mail: administration, oneself, and whoever leads or teaches (students never see a number)."""
    if person.pk == actor.person.pk or actor.may(Capability.SEE_ALL_CONTACTS):
        return True
    return bool(actor.worked_unit_ids) and actor.is_staff


def can_see_journal(actor: Actor) -> bool:
    """Read the journal of the organization (ORG-12)."""
    return actor.may(Capability.SEE_JOURNAL)


def can_see_register(actor: Actor) -> bool:
    """The register of processing of personal data: those who answer for it (ACC-2)."""
    return actor.may(Capability.SEE_JOURNAL)


def can_manage_rights(actor: Actor) -> bool:
    """Grant rights beyond the roles and take them back (ACC-4)."""
    return actor.may(Capability.MANAGE_RIGHTS)


def can_grant_right(actor: Actor, codename: str) -> bool:
    """Grant this one right and take it back: who sees the statistics is the head's to say (STAT-1)."""
    return can_grant_statistics(actor) if codename == SEE_STATISTICS else can_manage_rights(actor)


def can_answer_handover(actor: Actor, offer: HandoverOffer) -> bool:
    """Accept or decline the administrator's duty: whom it was offered to (REG-6)."""
    return offer.to_person_id == actor.person.pk


def can_withdraw_handover(actor: Actor, offer: HandoverOffer) -> bool:
    """Take an offer of the duty back: its giver, or any administrator (REG-6)."""
    return offer.from_person_id == actor.person.pk or can_change_administrators(actor)


def can_invite(actor: Actor, unit: Unit, role: str) -> bool:
    """INV-1, INV-2: staff are invited by administrators; students and parents also by the unit's own teachers,
    by the administration, and by whoever was granted the right on this unit."""
    if unit.organization_id != actor.organization.pk or unit.archived_at is not None:
        return False
    if role in STAFF_ROLES_BY_LINK:
        return actor.may(Capability.INVITE_STAFF)
    if role not in UNIT_ROLES or unit.is_staff_unit:
        return False
    if actor.may(Capability.INVITE_EVERYWHERE):
        return True
    if actor.is_granted("invite_into_unit", unit.pk):
        return True
    return actor.may(Capability.INVITE_INTO_OWN_UNITS) and unit.pk in actor.worked_unit_ids


PRIMARY_GRADES = range(1, 5)


def may_use_parents_email(unit: Unit) -> bool:
    """INV-7: pupils of primary grades, and children of kindergartens, may join with a code sent to a parent's e-mail.

    Circles and colleges have no grade, so there everybody needs a phone.
    """
    if unit.kind == UnitKind.CLASS:
        return unit.parallel in PRIMARY_GRADES
    return unit.kind == UnitKind.GROUP and unit.organization.kind == Kind.KINDERGARTEN


def can_invite_somebody(actor: Actor) -> bool:
    """Whether the page of invitations concerns the actor at all."""
    if actor.may(Capability.INVITE_EVERYWHERE) or actor.granted_unit_ids:
        return True
    return actor.may(Capability.INVITE_INTO_OWN_UNITS) and bool(actor.worked_unit_ids)


def can_invite_family(actor: Actor, child: Person) -> bool:
    """INV-8: a student with an account and the parents of the child make the family's link themselves."""
    if child.pk == actor.person.pk:
        return actor.is_student
    return actor.is_parent and child.pk in {own.id for own in actor.children}


def can_gather(actor: Actor, audience: str, unit_id: int | None) -> bool:
    """Address a whole circle of people (CHAT-8): staff address their colleagues anywhere, students and parents of the
    units they work in; the administration addresses everybody. So nobody reaches students of other units (CHAT-9)."""
    if audience in (Audience.STAFF, Audience.LEADERS, Audience.ADMINISTRATION):
        return actor.is_staff
    return actor.may(Capability.SEE_ALL_PEOPLE) or unit_id in actor.worked_unit_ids


def can_see_statistics(actor: Actor) -> bool:
    """STAT-1: the head; administrators while the organization lets them by their role; staff the head granted it."""
    if actor.is_head:
        return True
    if actor.may(Capability.SEE_STATISTICS) and actor.organization.administrators_see_statistics:
        return True
    # Who is no longer on the staff sees nothing, whatever was granted before.
    return actor.is_staff and actor.is_granted(SEE_STATISTICS)


def can_see_people_of_statistics(actor: Actor) -> bool:
    """STAT-5: names behind a figure are for the administration; others see figures, and no cell of under five."""
    return can_see_statistics(actor) and actor.may(Capability.SEE_ALL_PEOPLE)


def can_grant_statistics(actor: Actor) -> bool:
    """STAT-1: the right to see the figures is the head's to give and to take back.

    While no head has an account there is nobody to ask: then who manages the rights does it. One query for those.
    """
    if actor.may(Capability.GRANT_STATISTICS):
        return True
    return can_manage_rights(actor) and not has_connected_head(actor.organization.pk)


def can_see_who_sees_statistics(actor: Actor) -> bool:
    """STAT-1: who sees the figures is told to all who see them, and to whoever manages the rights."""
    return can_manage_rights(actor) or can_see_statistics(actor)
