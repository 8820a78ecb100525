"""Sessions in the database, as Django keeps them; looked up by a prepared query, because every request does it."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from common.prepared import Prepared, now

_sessions: Prepared[Session] = Prepared(
    lambda key: Session.objects.filter(session_key=key, expire_date__gt=now()), key="~session_key~"
)


class SessionStore(db.SessionStore):
    """Django's own store but for the one question."""

    def _get_session_from_db(self) -> Any:
        found = _sessions(key=self.session_key or "")
        if found:
            return found[0]
        self._session_key = None
        return None
