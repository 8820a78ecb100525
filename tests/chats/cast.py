"""Short ways to have chats in a school of the world."""

from chats.models import SYSTEM_TEMPLATES, Chat, Message, Template
from chats.selectors.chats import find_chat
from chats.services.messages import Draft, send
from chats.services.system import change_rules
from tests.world import School


def switch_on(school: School) -> None:
    """Let all chats of the system exist in `school`."""
    change_rules(actor=school.actor("administrator"), rules={"switched_on": list(SYSTEM_TEMPLATES)})


def general(school: School) -> Chat:
    return Chat.objects.get(organization=school.organization, template=Template.GENERAL)


def chat_of(school: School, template: Template, unit: str = "5А") -> Chat:
    """The unit's chat of `template`."""
    return Chat.objects.get(unit=school.units[unit], template=template)


def seen(school: School, name: str, chat: Chat) -> Chat:
    """The chat as `name` sees it, with everything the rules ask about."""
    found = find_chat(school.actor(name), chat.pk)
    assert found is not None, f"{name} does not see the chat"
    return found


def say(school: School, name: str, chat: Chat, text: str = "Здравствуйте!", **more: object) -> Message:
    """Let `name` write into the chat."""
    return send(actor=school.actor(name), chat=seen(school, name, chat), draft=Draft(text=text, **more))  # type: ignore[arg-type]
