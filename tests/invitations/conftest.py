"""Links of the two schools."""

import pytest

from invitations.models import Invitation
from invitations.services import LinkTerms, create_links
from orgs.models import Role
from tests.world import School, World


def link_of(
    school: School, *, role: str = Role.PARENT, unit: str = "5А", uses: int = 10, by: str = "administrator"
) -> Invitation:
    """One link of `school` made by a member of its cast."""
    terms = LinkTerms(days=14, max_uses=uses)
    return create_links(actor=school.actor(by), units=[school.units[unit]], role=role, terms=terms)[0]


@pytest.fixture
def parent_link(world: World) -> Invitation:
    """A link for parents into 5А of school a."""
    return link_of(world.a)
