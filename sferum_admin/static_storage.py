"""How static files get names that may be cached for ever."""

from typing import Any

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, also inside our modules (chats, channels), which import each other by their names.

    Only there: scripts of others are packed in ways that the patterns of Django would misread.
    """

    patterns = (*HashedFilesMixin.patterns, ("js/chat/*.js", _IMPORTS), ("js/channels/*.js", _IMPORTS))
    # A name changes with the names inside, so a chain of modules takes as many rounds as it is long.
    max_post_process_passes = 15

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._known: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the address of a file; looked up once, for the names stay as they are while the process lives."""
        known = self._known.get(name or "")
        if known is None:
            known = super().url(name, force)
            if self.hashed_files:  # else they are being given right now
                self._known[name or ""] = known
        return known
