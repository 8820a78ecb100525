"""Reads a page as a person without JavaScript uses it: its words, its links, its forms with what they hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_UNSEEN = {"script", "style", "template", "title", "svg"}
_BUTTONS = {"submit", "image", "button", "reset"}


@dataclass
class Field:
    """A control of a form: what it holds now and, for choices, what can be chosen (words → value)."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)


@dataclass
class Form:
    """A form with its fields by name and the words on its buttons."""

    action: str
    method: str
    key: str = ""
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str, str, str]] = field(default_factory=list)

    def value_of(self, name: str, words: str) -> str:
        """Return the value behind the words of a choice; the words may be a part of what stands there."""
        choices = self.fields[name].choices
        found = [value for text, value in choices.items() if words.casefold() in text.casefold()]
        exact = [value for text, value in choices.items() if words.casefold() == text.casefold()]
        assert len(exact or found) == 1, f"{words!r} among {list(choices)}"
        return (exact or found)[0]

    def data(self) -> dict[str, list[str]]:
        """Return what would be sent if nothing were touched."""
        return {name: list(one.values) for name, one in self.fields.items() if one.values}


class PageReader(HTMLParser):
    """Collects words, links and forms of one page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._by_key: dict[str, Form] = {}
        self._strays: list[tuple[str, dict[str, str]]] = []
        self._form: Form | None = None
        self._unseen = 0
        self._link: list[str] | None = None
        self._href = ""
        self._label: tuple[str, list[str]] | None = None
        self._labels: dict[str, str] = {}
        self._controls: dict[str, tuple[Field, str]] = {}
        self._select: Field | None = None
        self._option: tuple[dict[str, str], list[str]] | None = None
        self._area: Field | None = None
        self._button: tuple[dict[str, str], list[str], Form | None] | None = None
        self.feed(html)
        self.close()
        self._name_choices()

    # --- Tags ---------------------------------------------------------------------------------------------------
    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        if tag in _UNSEEN:
            self._unseen += 1
        if handler := getattr(self, f"_start_{tag}", None):
            handler(attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen -= 1
        if handler := getattr(self, f"_end_{tag}", None):
            handler()

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.values[0] += data
            return
        if self._unseen:
            return
        self.words.append(data)
        for place in (self._link, self._label and self._label[1], self._option and self._option[1]):
            if place is not None:
                place.append(data)
        if self._button is not None:
            self._button[1].append(data)

    # --- Forms --------------------------------------------------------------------------------------------------
    def _start_form(self, attributes: dict[str, str]) -> None:
        key = attributes.get("id", "")
        self._form = self._by_key.get(key) or Form("", "")
        self._form.action = attributes.get("action", "")
        self._form.method, self._form.key = attributes.get("method", "get").lower(), key
        if key:
            self._by_key[key] = self._form
        self.forms.append(self._form)

    def _end_form(self) -> None:
        self._form = None

    def _owner(self, attributes: dict[str, str]) -> Form | None:
        """A control may stand outside its form and name it."""
        if key := attributes.get("form"):
            return self._by_key.setdefault(key, Form("", "", key))
        return self._form

    def _start_input(self, attributes: dict[str, str]) -> None:
        form, name, kind = self._owner(attributes), attributes.get("name", ""), attributes.get("type", "text")
        if form is None or "disabled" in attributes:
            return
        if kind in _BUTTONS:
            form.buttons.append((attributes.get("value", ""), name, attributes.get("value", ""), ""))
        elif name:
            control = form.fields.setdefault(name, Field(name, kind))
            value = attributes.get("value", "on" if kind in {"checkbox", "radio"} else "")
            if kind not in {"checkbox", "radio"}:
                control.values = [value] if kind != "file" else []
            elif "checked" in attributes:
                control.values.append(value)
            if kind in {"checkbox", "radio"}:
                self._controls[attributes.get("id", f"{id(control)}-{value}")] = (control, value)
                if words := attributes.get("aria-label"):
                    control.choices[_squeeze(words)] = value

    def _start_select(self, attributes: dict[str, str]) -> None:
        form = self._owner(attributes)
        if form is not None and attributes.get("name"):
            kind = "multiple" if "multiple" in attributes else "select"
            self._select = form.fields.setdefault(attributes["name"], Field(attributes["name"], kind))

    def _end_select(self) -> None:
        self._finish_option()
        if self._select is not None and self._select.kind == "select" and not self._select.values:
            self._select.values = list(self._select.choices.values())[:1]
        self._select = None

    def _start_option(self, attributes: dict[str, str]) -> None:
        self._finish_option()
        self._option = (attributes, [])

    def _end_option(self) -> None:
        self._finish_option()

    def _finish_option(self) -> None:
        if self._option is not None and self._select is not None:
            attributes, words = self._option
            text = _squeeze("".join(words))
            value = attributes.get("value", text)
            self._select.choices[text] = value
            if "selected" in attributes:
                self._select.values.append(value)
        self._option = None

    def _start_textarea(self, attributes: dict[str, str]) -> None:
        form = self._owner(attributes)
        if form is not None and attributes.get("name"):
            self._area = form.fields.setdefault(attributes["name"], Field(attributes["name"], "textarea"))
            self._area.values = [""]

    def _end_textarea(self) -> None:
        if self._area is not None:
            self._area.values[0] = self._area.values[0].removeprefix("\n")
        self._area = None

    def _start_button(self, attributes: dict[str, str]) -> None:
        self._button = (attributes, [], self._owner(attributes))

    def _end_button(self) -> None:
        if self._button is not None:
            attributes, words, form = self._button
            if form is not None and attributes.get("type", "submit") == "submit":
                text = _squeeze("".join(words)) or attributes.get("aria-label", "")
                named = (attributes.get("name", ""), attributes.get("value", ""), attributes.get("formaction", ""))
                form.buttons.append((text, *named))
        self._button = None

    # --- Words --------------------------------------------------------------------------------------------------
    def _start_label(self, attributes: dict[str, str]) -> None:
        self._label = (attributes.get("for", ""), [])

    def _end_label(self) -> None:
        if self._label is not None and self._label[0]:
            self._labels[self._label[0]] = _squeeze("".join(self._label[1]))
        self._label = None

    def _start_a(self, attributes: dict[str, str]) -> None:
        self._link, self._href = [], attributes.get("href", "")

    def _end_a(self) -> None:
        if self._link is not None and self._href:
            self.links.append((_squeeze("".join(self._link)), self._href))
        self._link = None

    def _name_choices(self) -> None:
        for key, (control, value) in self._controls.items():
            if key in self._labels:
                control.choices[self._labels[key]] = value

    @property
    def text(self) -> str:
        """All words of the page, as read aloud."""
        return _squeeze(" ".join(self.words))


def _squeeze(text: str) -> str:
    return " ".join(text.split())
