"""Two rows of one human become one (ORG-7): everything that points at one points at the other, and back again."""

from movement.services.merging.merging import check, merge, write
from movement.services.merging.relations import Share, shares_of

__all__ = ["Share", "check", "merge", "shares_of", "write"]
