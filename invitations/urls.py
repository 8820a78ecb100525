"""Addresses of links: inside an organization, and the door for guests."""

from django.urls import URLPattern, path

from invitations.views import applying, changes, codes, family, joining, links, parents, pupils, requests, verification

app_name = "invitations"

inside = [
    ("invitations/", links.invitation_list, "list"),
    ("invitations/new/", links.new, "new"),
    ("invitations/created/", links.created, "created"),
    ("invitations/revoke-all/", changes.revoke_all, "revoke_all"),
    ("invitations/sheet.pdf", codes.sheet, "sheet"),
    ("invitations/codes-for-people/", codes.codes_for_people, "codes_for_people"),
    ("invitations/strips.pdf", codes.strips_of, "strips_of"),
    ("invitations/waiting/", parents.waiting_parents, "waiting_parents"),
    ("invitations/waiting/<int:use_id>/", parents.tie, "tie_parent"),
    ("invitations/units/<int:unit_id>/", links.unit_panel, "unit_panel"),
    ("invitations/units/<int:unit_id>/codes/<str:role>/", codes.unit_codes, "codes"),
    ("invitations/units/<int:unit_id>/codes/<str:role>/send/", codes.send, "send_codes"),
    ("invitations/units/<int:unit_id>/codes/<str:role>/strips.pdf", codes.strips, "strips"),
    ("invitations/<int:pk>/", links.detail, "detail"),
    ("invitations/<int:pk>/qr.svg", links.qr, "qr"),
    ("invitations/<int:pk>/renew/", changes.renew_link, "renew"),
    ("invitations/<int:pk>/extend/", changes.extend_link, "extend"),
    ("invitations/<int:pk>/revoke/", changes.revoke_link, "revoke"),
    ("invitations/<int:pk>/send/", changes.send, "send"),
    ("family/<int:child_id>/", family.family, "family"),
    ("requests/", requests.requests, "requests"),
    ("requests/bulk/", requests.request_bulk, "request_bulk"),
    ("requests/rules/", verification.request_rules, "request_rules"),
    ("requests/staff/", verification.request_staff, "request_staff"),
    ("requests/staff/<int:pk>/withdraw/", verification.request_staff_withdraw, "request_staff_withdraw"),
    ("requests/staff/<int:pk>/confirm/", verification.request_staff_confirm, "request_staff_confirm"),
    ("requests/<int:pk>/", requests.request_card, "request_card"),
    ("requests/<int:pk>/accept/", requests.request_accept, "request_accept"),
    ("requests/<int:pk>/reject/", requests.request_reject, "request_reject"),
    ("apply/", applying.apply, "apply"),
    ("apply/status/", applying.apply_status, "apply_status"),
    ("apply/<int:pk>/withdraw/", applying.apply_withdraw, "apply_withdraw"),
]

urlpatterns: list[URLPattern] = [
    *(path(f"o/<slug:slug>/{route}", view, name=name) for route, view, name in inside),
    path("join/", joining.join_code, name="join_code"),
    path("join/child/", pupils.join_child, name="join_child"),
    path("join/next/", joining.join_next, name="join_next"),
    path("join/<str:token>/", joining.join, name="join"),
]
