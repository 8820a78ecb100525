"""The teacher's stories of tests/browser, against the production set: they have a school of their own."""

from tests.browser.test_story_teacher import (
    school,
    test_a_teacher_invites_parents_into_the_own_class,
    test_another_class_is_neither_offered_nor_opened_by_its_address,
)

__all__ = [
    "school",
    "test_a_teacher_invites_parents_into_the_own_class",
    "test_another_class_is_neither_offered_nor_opened_by_its_address",
]
