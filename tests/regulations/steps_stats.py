"""Duties that the statistics fulfil, done by their pages."""

from __future__ import annotations

from io import BytesIO

from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from stats.services.access import appoint_curator
from stats.services.rollup import roll_up
from tests.regulations.scene import Scene
from tests.regulations.walker import Walker

CURATOR_PHONE = "+79739990003"


def frequency_of_use_is_watched(scene: Scene) -> None:
    """The administrator sees how many of the staff come, and by which formula (STAT-2)."""
    roll_up()
    assert scene.visit("stats:overview").says("Активные педагоги", "Требует внимания")
    page = scene.visit("stats:figure", "staff_active")
    assert page.says("Как считается", "Числитель", scene.humans["teacher"].last)


def statistics_are_brought_to_the_head(scene: Scene) -> None:
    """The figures are handed over as a sheet with date and maker (STAT-1)."""
    roll_up()
    assert scene.visit("stats:overview").says("Все показатели")
    response = scene.admin.client.get(reverse("stats:sheet", args=[scene.slug]))
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert "Активные педагоги" in words
    assert "Администраторова" in words


def curator_sees_the_sums(scene: Scene) -> None:
    """The operator appoints the municipal curator, who sees sums and no people; the organization reads who (STAT-7)."""
    roll_up()
    curator = User.objects.create_user(CURATOR_PHONE, display_name="Кураторова Клара Карловна")
    appoint_curator(user=curator, organization=scene.organization, authority="Департамент образования")
    walker = Walker()
    walker.sign_in(CURATOR_PHONE)
    page = walker.visit("stats:curator")
    assert page.says(scene.organization.short_name)
    assert not page.says(scene.humans["teacher"].last)
    assert walker.look(f"/o/{scene.slug}/").status == 404
    assert scene.visit("stats:access").says("Кураторова Клара Карловна", "Департамент образования")
