"""Signing in as a person would, for the tests of this folder."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from outbox.models import Message
from outbox.rendering import open_secret

PHONE = "+79123456789"
OTHER_PHONE = "+79161234567"


def ask_for_code(client: Client, phone: str = PHONE, address: str = "10.0.0.1", **data: str) -> HttpResponse:
    return client.post("/signin/", {"phone": phone, **data}, REMOTE_ADDR=address)


def last_code(phone: str = PHONE) -> str:
    return open_secret(Message.objects.filter(recipient=phone, template="sign_in_code").latest("pk"))


def type_code(client: Client, code: str, address: str = "10.0.0.1", **data: str) -> HttpResponse:
    return client.post("/signin/code/", {"code": code, **data}, REMOTE_ADDR=address)


def sign_in(client: Client, phone: str = PHONE, address: str = "10.0.0.1", **data: str) -> HttpResponse:
    ask_for_code(client, phone, address)
    return type_code(client, last_code(phone), address, **data)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"
