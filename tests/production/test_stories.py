"""Some of the browser's stories, against the production set: the same functions, other fixtures (conftest.py).

What needs the embedded mode (its developer's page, its own log) stays in tests/browser.
"""

from tests.browser.test_signin_page import test_an_administrator_signs_in_by_phone_and_code
from tests.browser.test_story_administrator_to_parent import test_from_an_empty_school_to_a_parent_inside
from tests.browser.test_story_chats import (
    test_a_class_talks_in_three_browsers_at_once,
    test_files_arrive_with_their_pictures_and_stand_among_the_materials,
)
from tests.browser.test_story_statistics import test_the_head_reads_the_week_reminds_and_prints, used, visit
from tests.browser.test_story_without_javascript import test_a_class_a_link_and_a_parent_without_a_script

__all__ = [
    "test_a_class_a_link_and_a_parent_without_a_script",
    "test_a_class_talks_in_three_browsers_at_once",
    "test_an_administrator_signs_in_by_phone_and_code",
    "test_files_arrive_with_their_pictures_and_stand_among_the_materials",
    "test_from_an_empty_school_to_a_parent_inside",
    "test_the_head_reads_the_week_reminds_and_prints",
    "used",
    "visit",
]
