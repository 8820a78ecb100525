"""`/account/notifications/`: what this browser shows, which others do, and the letter about what was missed."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.devices import is_phone
from accounts.forms import DigestForm
from accounts.models import PushDevice
from accounts.selectors import devices_of
from accounts.views.account import me
from common.notices import done
from outbox import push


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """Devices that show notifications, and the choice of the letter (the form)."""
    user = me(request)
    form = DigestForm(request.POST if request.method == "POST" else None, initial={"digest": user.digest})
    if request.method == "POST" and form.is_valid():
        services.set_digest(user, form.cleaned_data["digest"])
        done(request, _("Saved."))
        return redirect("account_notifications")
    rows = [_row(request, device) for device in devices_of(user)]
    rows.sort(key=lambda row: not row["is_current"])
    context = {
        "form": form,
        "rows": rows,
        "is_offered": push.is_offered(),
        "public_key": push.public_key(),
        "is_registered": any(row["is_current"] for row in rows),
    }
    return render(request, "accounts/notifications.html", context, status=422 if form.errors else 200)


def _row(request: HttpRequest, device: PushDevice) -> dict[str, object]:
    return {
        "device": device,
        "is_phone": is_phone(device.user_agent),
        "is_current": device.session_key == request.session.session_key,
    }


@login_required
@require_POST
def remove_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a device off."""
    device = get_object_or_404(devices_of(me(request)), pk=pk)
    services.remove_device(device)
    done(request, _("Notifications are off there: %(device)s.") % {"device": device})
    return redirect("account_notifications")


@login_required
@require_POST
def try_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a push that shows how pushes look."""
    device = get_object_or_404(devices_of(me(request)), pk=pk)
    services.send_trial(device, timezone.now())
    done(request, _("A notification is on its way. It may take a minute."))
    return redirect("account_notifications")
