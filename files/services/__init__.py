"""Files come and go together with the rows that name them."""

from files.services.holding import claim, discard, remove, remove_unclaimed
from files.services.keeping import remove_interrupted
from files.services.logo import remove_logo, set_logo
from files.services.uploads import upload

__all__ = ["claim", "discard", "remove", "remove_interrupted", "remove_logo", "remove_unclaimed", "set_logo", "upload"]
