"""Addresses of the pages of movement, consents, hygiene and the next school year."""

from django.urls import URLPattern, path

from movement.views import consents, hygiene, merging, moving, notices, register, years

app_name = "movement"

inside = [
    ("movement/", register.home, "home"),
    ("movement/register.<slug:ending>", register.export, "export"),
    ("movement/move/", moving.move, "move"),
    ("movement/notices/", notices.notices, "notices"),
    ("movement/notices/new/", notices.notice_new, "notice_new"),
    ("movement/notices/<int:pk>/", notices.notice, "notice"),
    ("movement/notices/<int:pk>/change/", notices.notice_change, "notice_change"),
    ("movement/notices/<int:pk>/carry-out/", notices.notice_carry_out, "notice_carry_out"),
    ("movement/notices/<int:pk>/done/", notices.notice_done, "notice_done"),
    ("movement/notices/<int:pk>/return/", notices.notice_return, "notice_return"),
    ("movement/notices/<int:pk>/withdraw/", notices.notice_withdraw, "notice_withdraw"),
    ("consents/", consents.consents, "consents"),
    ("consents/register.<slug:ending>", consents.consents_export, "consents_export"),
    ("consents/mine/", consents.my_consents, "my_consents"),
    ("consents/children/<int:child_id>/", consents.consent, "consent"),
    ("consents/units/<int:unit_id>/", consents.consents_of_unit, "consents_of_unit"),
    ("consents/units/<int:unit_id>/forms.pdf", consents.consents_paper, "consents_paper"),
    ("consents/<int:pk>/take-back/", consents.consent_take_back, "consent_take_back"),
    ("hygiene/", hygiene.hygiene, "hygiene"),
    ("hygiene/dismiss/", hygiene.hygiene_dismiss, "hygiene_dismiss"),
    ("hygiene/fix/", hygiene.hygiene_fix, "hygiene_fix"),
    ("hygiene/merge/", merging.merge_people, "merge"),
    ("year/", years.year, "year"),
    ("year/units/", years.year_units, "year_units"),
    ("year/people/", years.year_people, "year_people"),
    ("year/check/", years.year_check, "year_check"),
    ("year/drop/", years.year_drop, "year_drop"),
]

urlpatterns: list[URLPattern] = [path(f"o/<slug:slug>/{tail}", view, name=name) for tail, view, name in inside]
