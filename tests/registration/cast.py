"""Applications of invented organizations, and the operator who reviews them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from registration.models import Application, OrderFile
from registration.services import deciding
from registration.services.applying import ApplicationData, submit
from registration.services.orders import take_order
from tests.files.samples import upload_of
from tests.world import World

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
# Invented; only the check digits are true.
INN = "7701000001"
OTHER_INN = "6601000006"
DATA: dict[str, str] = {
    "kind": "school",
    "name": "Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 77»",
    "short_name": "Школа № 77",
    "inn": INN,
    "region": "Свердловская область",
    "municipality": "Берёзовский",
    "address": "ул. Лесная, д. 5",
    "last_name": "Орехова",
    "first_name": "Ольга",
    "patronymic": "Олеговна",
    "position": "Заместитель директора",
    "email": "orehova@example.org",
    "phone": "+79121234567",
    "site": "https://school77.example.org",
}


def data(**more: str) -> ApplicationData:
    """The анкета, with changes."""
    return ApplicationData(**{**DATA, **more})


def order(name: str = "приказ.pdf", content: bytes = PDF) -> OrderFile:
    """An order that is not used yet."""
    return take_order(upload_of(content, name))


def application(**more: str) -> Application:
    """A submitted application."""
    return submit(data=data(**more), order_id=order().pk, attempt=uuid4())


def returned(world: World, text: str = "Сверьте адрес", fields: Iterable[str] = ("address",)) -> Application:
    """An application that came back with remarks."""
    sent = application()
    return deciding.return_with_remarks(
        operator=world.operator, application=sent, revision=sent.revision, text=text, fields=list(fields)
    )


def approved(world: World, **more: str) -> Application:
    """An application whose organization is there."""
    sent = application(**more)
    return deciding.approve(operator=world.operator, application=sent, revision=sent.revision)


def typed(**more: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    return {
        **DATA,
        "phone": "8 912 123-45-67",
        "inn": f"{INN[:2]} {INN[2:]}",
        "agreed": "on",
        "attempt": str(uuid4()),
        "order": upload_of(PDF, "приказ.pdf"),
        **more,
    }
