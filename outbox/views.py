"""The developer's page: letters and SMS of the embedded mode, which has nobody to send them to."""

from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from outbox.models import Channel, Message
from outbox.rendering import Obsolete, Rendered, open_secret
from outbox.rendering import render as words_of
from outbox.selectors import newest_messages

PER_PAGE = 50


@dataclass(frozen=True)
class Shown:
    """A message with its words, or why it has none."""

    message: Message
    words: Rendered | None
    code: str
    reason: str = ""


@require_safe
def developer_outbox(request: HttpRequest) -> HttpResponse:
    """List what was sent, newest first; does not exist (404) unless `settings.DEVELOPER_PAGES`."""
    if not settings.DEVELOPER_PAGES:
        raise Http404
    page = Paginator(newest_messages(), PER_PAGE).get_page(request.GET.get("page"))
    template = "outbox/_messages.html" if request.headers.get("HX-Request") else "outbox/developer.html"
    return render(request, template, {"page": page, "shown": [_show(message) for message in page]})


def _show(message: Message) -> Shown:
    code = open_secret(message) if message.channel == Channel.SMS else ""
    try:
        return Shown(message, words_of(message), code)
    except Obsolete as reason:
        return Shown(message, None, code, str(reason))
    except Exception as error:  # one broken letter must not hide the others
        return Shown(message, None, code, _("It cannot be shown: %(error)s") % {"error": type(error).__name__})
