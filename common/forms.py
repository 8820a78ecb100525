"""Forms look the same everywhere: Tabler's controls, errors at the field, nothing typed is lost."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

_CHECKS = {"checkbox", "radio"}


class Renderer(TemplatesSetting):
    """Renders each field with its label, hint and error in one accessible block.

    The CSS classes are given here, at the moment of rendering, so that the forms of other packages (sign-in) look
    like our own without being touched.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if "widget" in context:
            _dress(context["widget"])
        return super().render(template_name, context, request)


def _dress(widget: dict[str, Any]) -> None:
    """Give the widget's context the class of its kind, and of its state when the value was refused."""
    for part in widget.get("subwidgets", ()):
        _dress(part)
    for _group, options, _index in widget.get("optgroups", ()):
        for option in options:
            if option.get("type") in _CHECKS:
                _dress(option)
    attrs = widget["attrs"]
    css_class = _class_for(widget)
    if widget.get("is_hidden") or not css_class or css_class in attrs.get("class", "").split():
        return
    invalid = "is-invalid" if attrs.get("aria-invalid") == "true" else ""
    attrs["class"] = " ".join(filter(None, (attrs.get("class", ""), css_class, invalid)))


def _class_for(widget: dict[str, Any]) -> str:
    if widget.get("type") in _CHECKS:
        return "" if "optgroups" in widget else "form-check-input"
    return "form-select" if "optgroups" in widget else "form-control"


class DateInput(forms.DateInput):
    """The device's own calendar; the value travels as ISO 8601 whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class PhoneInput(forms.TextInput):
    """A phone number: the digits' keyboard, filled in by the browser."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"autocomplete": "tel", "inputmode": "tel", "placeholder": "+7 900 000-00-00"}
        super().__init__({**own, **(attrs or {})})


class CodeInput(forms.TextInput):
    """A one-time code: the digits' keyboard, offered by the phone from the SMS."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input", "spellcheck": "false"}
        super().__init__({**own, **(attrs or {})})


class Form(forms.Form):
    """The base of the platform's forms."""


class ModelForm(forms.ModelForm):
    """The base of the platform's model forms; services write, so `save()` is never called."""
