"""Forms of the operator's tool: an organization with its administrator, rights beyond the role."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from guardian.admin import AdminUserObjectPermissionsForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.phones import normalise_phone
from common.errors import DomainError
from common.text import clean
from orgs.capabilities import GRANTABLE_RIGHTS
from orgs.models import Organization, Person, Unit
from orgs.models.organization import TIME_ZONES
from orgs.services.administration import grant_right, require_rightful, revoke_right
from orgs.services.organization import OrganizationData, create_organization
from orgs.services.people import PersonData


class Text(forms.CharField):
    """One line, cleaned before it is judged: invisible characters alone are as empty as nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": UnfoldAdminTextInputWidget(), **kwargs})

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


DETAILS = ["kind", "name", "short_name", "slug", "region", "address", "time_zone"]
NAMES = ["last_name", "first_name", "patronymic", "phone"]


class NewOrganizationForm(forms.ModelForm):
    """«Добавить организацию»: its details and its first administrator, who signs in with this phone (REG-3, REG-4)."""

    name = Text(label=_("Full name"), max_length=400)
    short_name = Text(label=_("Short name"), max_length=120)
    slug = forms.SlugField(
        label=_("Address on the platform"),
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Latin letters, digits, hyphens; made from the short name when left empty."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=TIME_ZONES, initial="Europe/Moscow", widget=UnfoldAdminSelectWidget()
    )
    last_name = Text(label=_("Last name"), max_length=80)
    first_name = Text(label=_("First name"), max_length=80)
    patronymic = Text(label=_("Patronymic"), max_length=80, required=False)
    phone = Text(label=_("Mobile phone"), max_length=40, help_text=_("The administrator signs in with this number."))

    class Meta:
        model = Organization
        fields = DETAILS

    def clean_phone(self) -> str:
        try:
            return normalise_phone(self.cleaned_data["phone"])
        except DomainError as error:
            raise ValidationError(error.message) from error

    def create(self) -> Organization:
        """Make what the form says; raises `DomainError` when the address was taken meanwhile."""
        data = self.cleaned_data
        return create_organization(
            data=OrganizationData(**{name: data[name] for name in DETAILS}),
            administrator=PersonData(**{name: data[name] for name in NAMES}),
        )


class RightsForm(AdminUserObjectPermissionsForm):
    """Rights beyond the role, given and taken by the operator through the same services as on «Права» (ACC-4)."""

    def get_obj_perms_field_choices(self) -> list[tuple[str, str]]:
        return [
            (codename, str(_(name)))
            for codename, name in super().get_obj_perms_field_choices()
            if codename in GRANTABLE_RIGHTS
        ]

    def get_obj_perms_field_widget(self) -> type[forms.Widget]:
        return UnfoldAdminCheckboxSelectMultipleWidget

    def clean(self) -> dict[str, Any]:
        person = Person.objects.filter(organization_id=self._organization_id, user=self.user).first()
        if person is None:
            raise ValidationError(_("This user is nobody in this organization."))
        self.person: Person = person
        for codename in self.cleaned_data.get(self.get_obj_perms_field_name(), ()):
            self._judge(codename)
        return super().clean() or self.cleaned_data

    def _judge(self, codename: str) -> None:
        try:
            require_rightful(self.person, codename)
        except DomainError as error:
            raise ValidationError(error.message) from error

    @property
    def _organization_id(self) -> int:
        return self.obj.organization_id if isinstance(self.obj, Unit) else self.obj.pk

    def save_obj_perms(self) -> None:
        """Grant what was added and take back what was removed, each with its line in the journal."""
        wanted = set(self.cleaned_data[self.get_obj_perms_field_name()])
        held = {str(codename) for codename in self.get_obj_perms_field_initial()} & set(GRANTABLE_RIGHTS)
        unit = self.obj if isinstance(self.obj, Unit) else None
        for codename in sorted(wanted - held):
            grant_right(actor=None, person=self.person, codename=codename, unit=unit)
        for codename in sorted(held - wanted):
            revoke_right(actor=None, person=self.person, codename=codename, unit=unit)
