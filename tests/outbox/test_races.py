"""Two workers, one message: proven with real threads."""

import threading

import pytest

from outbox import delivery, rendering
from outbox.adapters import ADAPTERS
from outbox.models import Message, Status
from outbox.rendering import Rendered
from outbox.services import Draft, queue, queue_many
from tests.outbox.test_outbox import SMS, Recorder
from tests.threads import together

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.req("INV-5")]
