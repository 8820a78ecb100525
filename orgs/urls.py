"""Addresses of the organization's pages."""

from django.urls import include, path

from orgs.views import (
    account,
    administrators,
    choice,
    enrolments,
    family,
    home,
    journal,
    people,
    person,
    pupil,
    register,
    rights,
    settings,
    units,
)

app_name = "orgs"

inside = [
    path("", home.home, name="home"),
    path("children/", home.children, name="children"),
    path("units/", units.units, name="units"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/edit/", units.unit_edit, name="unit_edit"),
    path("units/<int:pk>/archive/", units.unit_archive, name="unit_archive"),
    path("units/<int:pk>/restore/", units.unit_restore, name="unit_restore"),
    path("units/<int:pk>/enrol/", enrolments.unit_enrol, name="unit_enrol"),
    path("enrolments/<int:pk>/end/", enrolments.enrolment_end, name="enrolment_end"),
    path("enrolments/<int:pk>/reopen/", enrolments.enrolment_reopen, name="enrolment_reopen"),
    path("people/", people.people, name="people"),
    path("people/bulk/", people.people_bulk, name="people_bulk"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/edit/", person.person_edit, name="person_edit"),
    path("people/<int:pk>/roles/", person.person_roles, name="person_roles"),
    path("people/<int:pk>/sign-in/", pupil.person_sign_in, name="person_sign_in"),
    path("people/<int:pk>/account/", account.person_account, name="person_account"),
    path("people/<int:pk>/tie/", family.person_tie, name="person_tie"),
    path("people/<int:pk>/untie/", family.person_untie, name="person_untie"),
    path("journal/", journal.journal, name="journal"),
    path("journal.csv", journal.journal_file, name="journal_file"),
    path("data-register/", register.register, name="data_register"),
    path("data-register.pdf", register.register_file, name="data_register_file"),
    path("rights/", rights.rights, name="rights"),
    path("rights/revoke/", rights.right_revoke, name="right_revoke"),
    path("rights/again/", rights.right_grant_again, name="right_grant_again"),
    path("settings/", settings.settings, name="settings"),
    path("settings/labels/", settings.labels, name="labels"),
    path("settings/administrators/", administrators.administrators, name="administrators"),
    path("settings/administrators/<int:pk>/remove/", administrators.administrator_remove, name="administrator_remove"),
    path("handovers/<int:pk>/", administrators.handover_answer, name="handover_answer"),
    path("handovers/<int:pk>/withdraw/", administrators.handover_withdraw, name="handover_withdraw"),
]

urlpatterns = [
    path("", choice.choice, name="choice"),
    path("o/<slug:slug>/", include(inside)),
]
