"""Addresses of required reading inside an organization."""

from django.urls import path

from readings.views import mine, paper, progress

app_name = "readings"

inside = [
    ("readings/", mine.mine, "mine"),
    ("readings/given/", progress.given, "given"),
    ("readings/<int:reading_id>/", progress.detail, "detail"),
    ("readings/<int:reading_id>/confirm/", mine.confirm_reading, "confirm"),
    ("readings/<int:reading_id>/remind/", progress.remind, "remind"),
    ("readings/<int:reading_id>/deadline/", progress.deadline, "deadline"),
    ("readings/<int:reading_id>/close/", progress.close_reading, "close"),
    ("readings/<int:reading_id>/reopen/", progress.reopen_reading, "reopen"),
    ("readings/<int:reading_id>/paper/<int:person_id>/", paper.note, "note"),
    ("readings/<int:reading_id>/paper/<int:person_id>/undo/", paper.undo, "unnote"),
    ("readings/<int:reading_id>/sheet.pdf", paper.sheet_pdf, "sheet_pdf"),
    ("readings/<int:reading_id>/sheet.xlsx", paper.sheet_xlsx, "sheet_xlsx"),
]

urlpatterns = [path(f"o/<slug:slug>/{address}", view, name=name) for address, view, name in inside]
