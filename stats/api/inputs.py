"""What may come into the API of the statistics. Which period, figure or norm there is, is judged by the selectors."""

from typing import Any

from django.utils.functional import Promise
from rest_framework import serializers

from orgs.api.fields import Id, Text
from stats.catalogue import NORM_TEMPLATES
from stats.periods import PeriodKind

DOUBTFUL = ["with", "without"]
STATES = [("counted", "counted in the figure"), ("missing", "of the whole, but not counted")]
MOST_WEEKS = 104
NORM_KEYS: list[tuple[str, str | Promise]] = [(key, key) for key in NORM_TEMPLATES]


class PeriodQuery(serializers.Serializer[Any]):
    """Which period; without any choice the current week."""

    period = serializers.CharField(
        required=False, allow_blank=True, default="", help_text=f"One of: {', '.join(PeriodKind)}."
    )
    on = serializers.DateField(required=False, default=None, help_text="Any day in the period; today without it.")
    first = serializers.DateField(required=False, default=None, help_text="Of `custom`: its first day.")
    last = serializers.DateField(
        required=False, default=None, help_text="Of `custom`: its last day; a year at most lies between them."
    )


class FiguresQuery(PeriodQuery):
    doubtful = serializers.ChoiceField(
        choices=DOUBTFUL, required=False, default=None, help_text="Without it: as the organization has chosen."
    )
    unit = Id(required=False, default=None, help_text="The figures of this unit alone.")


class PeopleQuery(PeriodQuery):
    unit = Id(required=False, default=None, help_text="Of this unit alone.")
    state = serializers.ChoiceField(choices=STATES, default="counted")


class TrendQuery(serializers.Serializer[Any]):
    until = serializers.DateField(required=False, default=None, help_text="A day of the last week; today without it.")
    weeks = serializers.IntegerField(min_value=1, max_value=MOST_WEEKS, default=12)
    unit = Id(required=False, default=None, help_text="The weeks of this unit alone.")
    doubtful = serializers.ChoiceField(choices=DOUBTFUL, required=False, default=None)


class CuratorQuery(PeriodQuery):
    doubtful = serializers.ChoiceField(choices=DOUBTFUL, default="with")


class CuratorListQuery(CuratorQuery):
    search = Text(required=False, allow_blank=True, default="", max_length=200, help_text="Any part of the name.")


class StatisticsRulesChanges(serializers.Serializer[Any]):
    """What is not named stays."""

    weekly_letter = serializers.BooleanField(required=False)
    without_doubtful = serializers.BooleanField(required=False)


class NormChange(serializers.Serializer[Any]):
    figure = serializers.ChoiceField(choices=NORM_KEYS)
    percent = serializers.IntegerField(min_value=1, max_value=100)
    is_on = serializers.BooleanField()


class NormChanges(serializers.Serializer[Any]):
    """What is not named stays."""

    norms = NormChange(many=True)


class GrantKey(serializers.Serializer[Any]):
    person = Id()


class AdministratorsChoice(serializers.Serializer[Any]):
    administrators_see = serializers.BooleanField(help_text="Whether administrators see the figures by their role.")
