"""Values of the database as JSON, without losing anything."""

import base64
import datetime as dt
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


class ExactEncoder(DjangoJSONEncoder):
    """Django's encoder cuts moments to milliseconds, as browsers do; a database keeps microseconds. Bytes in base64."""

    def default(self, value: Any) -> Any:
        if isinstance(value, dt.datetime | dt.time):
            return value.isoformat()
        if isinstance(value, bytes | memoryview):
            return base64.b64encode(bytes(value)).decode("ascii")
        return super().default(value)
