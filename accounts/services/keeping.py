"""How long devices that no notification reaches are remembered."""

from datetime import datetime

from accounts.models import PushDevice
from common.retention import limit_of, remove


def remove_failing_devices(now: datetime) -> int:
    """Remove devices that nothing has reached for `KEEP_FAILING_DEVICES_DAYS`; return how many.

    Whoever opens the page there again is asked anew.
    """
    return remove(
        "failing devices", PushDevice.objects.filter(failed_at__lt=limit_of("KEEP_FAILING_DEVICES_DAYS", now))
    )
