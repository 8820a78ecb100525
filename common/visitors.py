"""Whether a request comes from somebody who looks, or from a programme that fetches pages by itself."""

import re

from django.http import HttpRequest

# Messengers fetch a link to draw its preview as soon as it is pasted; searches and monitors come by themselves.
# «CUBOT» is a telephone. WhatsApp and Viber call themselves so at the beginning; pages opened in them say «Mozilla».
_ROBOT = re.compile(
    r"(?<!cu)bot\b|crawler|spider|vkshare|facebookexternalhit|facebookcatalog|meta-externalagent|uripreview"
    r"|embedly|slack-imgproxy|lighthouse|uptime|monitor"
    r"|^(whatsapp|viber|curl|wget|python|go-http-client|okhttp|java|ruby|node)\b",
    re.IGNORECASE,
)


def is_robot(request: HttpRequest) -> bool:
    """Tell whether the visitor says to be a programme: the preview of a messenger, a search engine, a monitor."""
    return _ROBOT.search(request.headers.get("User-Agent", "")) is not None


def is_prefetched(request: HttpRequest) -> bool:
    """Tell whether the browser fetches the page beforehand, for somebody who may never look at it."""
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or request.headers.get("X-Moz", "")
    return purpose.lower().startswith(("prefetch", "preview"))
