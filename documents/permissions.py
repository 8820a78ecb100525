"""Who may change local acts. Forbidden is 403; what is not seen at all is 404 by the selectors."""

from documents.models import Document
from orgs.actor import Actor
from orgs.capabilities import Capability


def can_manage_documents(actor: Actor) -> bool:
    """Register, publish and annul local acts: the administrator and the head (DOC-1)."""
    return actor.may(Capability.MANAGE_DOCUMENTS)


def can_change_document(actor: Actor, document: Document) -> bool:
    """An annulled document stays in the register as it was."""
    return can_manage_documents(actor) and document.annulled_at is None
