"""Forms look the same everywhere: Tabler's controls, errors at the field, nothing typed is lost."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Renders each field with its label, hint and error in one accessible block."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


_CSS_CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.SelectMultiple, "form-select"),
    (forms.Select, "form-select"),
    (forms.HiddenInput, ""),
    (forms.Widget, "form-control"),
]


class StyledMixin:
    """Gives every widget the CSS class of its kind, and marks the ones with errors."""

    fields: dict[str, forms.Field]
    errors: Any
    is_bound: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            css_class = next(name for widget, name in _CSS_CLASSES if isinstance(field.widget, widget))
            field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} {css_class}".strip()

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                attrs = self.fields[name].widget.attrs
                attrs["class"] = f"{attrs.get('class', '')} is-invalid"


class Form(StyledMixin, forms.Form):
    """The base of the platform's forms."""


class ModelForm(StyledMixin, forms.ModelForm):
    """The base of the platform's model forms; services write, so `save()` is never called."""
