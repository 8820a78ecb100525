"""Somebody who uses the platform by its pages only: opens, reads, follows links, fills in forms and sends them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from outbox.models import Message
from outbox.rendering import open_secret
from tests.regulations.reader import Form, PageReader

Values = dict[str, Any]


class Page:
    """A page as it was answered."""

    def __init__(self, walker: Walker, response: HttpResponse, url: str) -> None:
        self.walker, self.response, self.url = walker, response, url
        self.status = response.status_code
        is_html = response.get("Content-Type", "").startswith("text/html")
        html = response.content.decode() if is_html else ""
        self._reader = PageReader(html)
        # Addresses of invite links that stand anywhere on the page, to be copied or scanned.
        self.invite_addresses = list(dict.fromkeys(re.findall(r"https?://[^\s\"'<>]+/join/[\w-]+/", html)))

    @property
    def text(self) -> str:
        return self._reader.text

    @property
    def forms(self) -> list[Form]:
        return self._reader.forms

    @property
    def links(self) -> list[tuple[str, str]]:
        return self._reader.links

    def says(self, *words: str) -> bool:
        """Whether all of `words` can be read on the page, regardless of case."""
        text = self.text.casefold()
        return all(word.casefold() in text for word in words)

    def form(self, *names: str, action: str = "") -> Form:
        """Return the form that has the fields `names` and is sent to an address ending in `action`."""
        for form in self.forms:
            if set(names) <= set(form.fields) and (not action or form.action.split("?")[0].endswith(action)):
                return form
        shown = [(form.action, sorted(form.fields)) for form in self.forms]
        raise AssertionError(f"no form with {names} {action} on {self.url}: {shown}")

    @property
    def main_form(self) -> Form:
        """The form this page is for: the first that sends something and is not in the frame of every page."""
        frame = ("/signout/", "/language/")
        forms = [form for form in self.forms if form.method == "post" and not form.action.endswith(frame)]
        assert forms, f"no form on {self.url}: {self.text[:400]}"
        return forms[0]

    def follow(self, words: str) -> Page:
        """Click the link with these words."""
        for text, href in self.links:
            if words.casefold() in text.casefold():
                return self.walker.open(urljoin(self.url, href))
        raise AssertionError(f"no link «{words}» on {self.url}: {self.links}")

    def send(self, form: Form, values: Values | None = None, *, button: str = "") -> Page:
        """Fill `values` into `form` and press its button (the first one, or the one with these words)."""
        data = form.data()
        for name, value in (values or {}).items():
            assert name in form.fields, f"no field {name} on {self.url}: {sorted(form.fields)}"
            data[name] = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        address = urljoin(self.url, form.action) or self.url
        for text, name, value, other_address in form.buttons:
            if button.casefold() in text.casefold():
                if name:
                    data[name] = [value]
                address = urljoin(self.url, other_address) if other_address else address
                break
        else:
            assert not button, f"no button «{button}» on {self.url}: {form.buttons}"
        return self.walker.send(address, data, form.method)

    def submit(self, values: Values, *, action: str = "", button: str = "") -> Page:
        """Find the form that has all the fields of `values`, fill it in and send it."""
        return self.send(self.form(*values, action=action), values, button=button)


class Walker:
    """A browser without JavaScript, Russian, with the forgery check of real life."""

    def __init__(self, address: str = "10.1.0.1") -> None:
        self.client = Client(enforce_csrf_checks=True, headers={"accept-language": "ru"}, REMOTE_ADDR=address)

    def open(self, url: str, **query: str) -> Page:
        """Open an address, following redirects; the page must be there."""
        page = self.look(url, **query)
        assert page.status == 200, f"{url}: {page.status} {page.text[:400]}"
        return page

    def visit(self, name: str, *args: Any, **query: str) -> Page:
        """Open the page with the URL name `name`."""
        return self.open(reverse(name, args=args), **query)

    def look(self, url: str, **query: str) -> Page:
        """Open an address whatever the answer is."""
        return self._page(self.client.get(url, query or None, follow=True), url)

    def send(self, url: str, data: dict[str, list[str]], method: str) -> Page:
        """Send a form as a browser does."""
        if method == "get":
            return self._page(self.client.get(url, data, follow=True), url)
        return self._page(self.client.post(url, data, follow=True), url)

    def force(self, url: str, **data: str) -> Page:
        """Send what no page offers, with the token of one's own session: a try, not a way."""
        token = self.client.cookies["csrftoken"].value
        return self._page(self.client.post(url, {**data, "csrfmiddlewaretoken": token}, follow=True), url)

    def _page(self, response: HttpResponse, url: str) -> Page:
        redirects = getattr(response, "redirect_chain", [])
        return Page(self, response, redirects[-1][0] if redirects else url)

    def sign_in(self, phone: str, page: Page | None = None) -> Page:
        """Sign in by phone and the code that the outbox holds (ACC-1); `page` is where the phone is asked for."""
        page = page or self.visit("account_login")
        page = page.submit({"phone": phone})
        page = page.submit({"code": newest_code(phone)})
        assert "_auth_user_id" in self.client.session, page.text[:400]
        return page


def newest_code(phone: str) -> str:
    """Return the code that was sent to `phone` last."""
    digits = "+" + re.sub(r"\D", "", phone)
    return open_secret(Message.objects.filter(recipient=digits, template="sign_in_code").latest("pk"))
