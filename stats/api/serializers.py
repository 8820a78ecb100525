"""What leaves the API of the statistics. Shares are from 0 to 1, times in seconds, days the organization's own."""

from typing import Any

from rest_framework import serializers

from orgs.api.fields import PersonRef, UnitRef
from stats.catalogue import Figure
from stats.models import Curatorship, Norm, StatsRules
from stats.periods import Days
from stats.selectors.attention import Finding, words_of
from stats.selectors.report import StaffRow
from stats.selectors.things import Thing
from stats.selectors.values import HeatCell, HeatRow, Point, Stage, Value

AMOUNT = "A share from 0 to 1, a number, or seconds, as the figure's measure says; null: nothing to count."


class PeriodShape(serializers.Serializer[Days]):
    """Both days are in it."""

    kind = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()


class FigureShape(serializers.Serializer[Figure]):
    """One figure of the catalogue, in words."""

    key = serializers.CharField()
    group = serializers.CharField()
    measure = serializers.CharField(help_text="share, count, or seconds (a median).")
    name = serializers.CharField()
    formula = serializers.CharField()
    numerator = serializers.CharField(help_text="What is counted.")
    denominator = serializers.CharField(help_text="What it is divided by; empty where nothing is.")
    left_out = serializers.CharField(help_text="What does not count.")
    moment = serializers.CharField(help_text="period: about the whole period; end: about its last day.")
    better = serializers.CharField(help_text="Which way is good: higher, lower, neither.")
    by_unit = serializers.BooleanField(help_text="Whether it can be asked of one unit.")
    people = serializers.CharField(
        allow_null=True, help_text="Whose names stand behind it: staff, students, parents, families."
    )
    can_remind = serializers.BooleanField(help_text="Whether those who are missing can be reminded.")


class ValueShape(serializers.Serializer[Value]):
    """One figure of one period. `is_hidden`: so few people that it would name them to you; numbers are 0 then."""

    key = serializers.CharField(source="figure.key")
    numerator = serializers.IntegerField(help_text="Of a median: over how many answers or confirmations.")
    denominator = serializers.IntegerField(allow_null=True)
    amount = serializers.FloatField(allow_null=True, help_text=AMOUNT)
    before = serializers.FloatField(allow_null=True, help_text="The same of the period before.")
    change = serializers.FloatField(allow_null=True, help_text="Of shares in points (0.05 is five), else relative.")
    norm = serializers.IntegerField(allow_null=True, help_text="Per cent, where a norm is switched on.")
    meets_norm = serializers.BooleanField(allow_null=True)
    is_hidden = serializers.BooleanField()


class _Asked(serializers.Serializer[Any]):
    period = PeriodShape()
    without_doubtful = serializers.BooleanField()
    counted_at = serializers.DateTimeField(
        allow_null=True, help_text="The figures are those of this moment; null: nothing has been counted yet."
    )


class OverviewShape(_Asked):
    """All figures of one period, in the order of the catalogue."""

    unit = UnitRef(allow_null=True)
    figures = ValueShape(many=True)


class ThingShape(serializers.Serializer[Thing]):
    """One reading, post, poll or event with whom it reached. A poll of a chat has no title of its own: what it asks is
    content."""

    kind = serializers.CharField(help_text="reading, post, poll, event.")
    id = serializers.IntegerField(source="thing_id")
    day = serializers.DateField()
    title = serializers.CharField()
    path = serializers.CharField(help_text="Its page below /o/<slug>/; empty: none that you can open.")
    asked = serializers.IntegerField()
    reached = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    median_seconds = serializers.IntegerField(allow_null=True)
    is_hidden = serializers.BooleanField()


class FigureOfPeriod(_Asked):
    """One figure: in words, in numbers, and the things behind it, the latest first (of the whole organization)."""

    unit = UnitRef(allow_null=True)
    figure = FigureShape()
    value = ValueShape()
    things = ThingShape(many=True)


class TrendWeek(serializers.Serializer[Point]):
    monday = serializers.DateField()
    amounts = serializers.DictField(child=serializers.FloatField(allow_null=True), help_text="By key of the catalogue.")


class TrendShape(serializers.Serializer[Any]):
    """Weeks, the earliest first; the last one may be unfinished."""

    without_doubtful = serializers.BooleanField()
    unit = UnitRef(allow_null=True)
    weeks = TrendWeek(many=True)


class HeatCellShape(serializers.Serializer[HeatCell]):
    joined = serializers.IntegerField()
    total = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    is_hidden = serializers.BooleanField()


class HeatRowShape(serializers.Serializer[HeatRow]):
    unit = UnitRef()
    cells = serializers.DictField(child=HeatCellShape(), help_text="By key of the catalogue.")
    is_silent = serializers.BooleanField(help_text="Nothing was written in its chats and channel for 14 days.")


class HeatMapShape(serializers.Serializer[Any]):
    """Units in their order, with who is connected on the last day of the period."""

    period = PeriodShape()
    units = HeatRowShape(many=True)


class StageShape(serializers.Serializer[Stage]):
    key = serializers.CharField(help_text="made, delivered, opened, joined, expired, annulled.")
    amount = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="Of those made.")


class FunnelShape(serializers.Serializer[Any]):
    """What became of the invitations made in the period."""

    period = PeriodShape()
    stages = StageShape(many=True)


class FindingShape(serializers.Serializer[Finding]):
    kind = serializers.CharField()
    words = serializers.SerializerMethodField()
    figure = serializers.CharField(help_text="The figure that opens behind it.")
    number = serializers.IntegerField()
    total = serializers.IntegerField()
    unit = UnitRef(allow_null=True)
    can_remind = serializers.BooleanField()

    def get_words(self, finding: Finding) -> str:
        return words_of(finding)


class AttentionShape(serializers.Serializer[Any]):
    """What needs attention, the most pressing first."""

    period = PeriodShape()
    findings = FindingShape(many=True)


class StaffRowShape(serializers.Serializer[StaffRow]):
    person = PersonRef()
    has_joined = serializers.BooleanField()
    days_active = serializers.IntegerField()
    messages = serializers.IntegerField()
    doubtful_messages = serializers.IntegerField()
    posts = serializers.IntegerField()
    files = serializers.IntegerField()
    confirmations = serializers.IntegerField()
    invitations = serializers.IntegerField()
    answers = serializers.IntegerField(help_text="To parents, in personal chats.")
    answer_seconds = serializers.FloatField(allow_null=True, help_text="The median time to them.")
    last_seen = serializers.DateField(allow_null=True)


class StaffReportShape(serializers.Serializer[Any]):
    """«Отчёт активности педагогов»: today's staff by name, in no order of merit."""

    period = PeriodShape()
    staff = StaffRowShape(many=True)


class RemindedShape(serializers.Serializer[Any]):
    """Whom a reminder reached: people, or families."""

    told = serializers.IntegerField()
    already = serializers.IntegerField(help_text="Told earlier today, about whatever figure.")
    unreachable = serializers.IntegerField(help_text="Neither an account nor an address.")


class StatisticsRules(serializers.Serializer[StatsRules]):
    weekly_letter = serializers.BooleanField()
    without_doubtful = serializers.BooleanField()


class StatisticsNorm(serializers.Serializer[Norm]):
    """A norm; those nobody has switched on stand there as templates."""

    figure = serializers.CharField()
    percent = serializers.IntegerField()
    is_on = serializers.BooleanField()


class SeesByRoleShape(serializers.Serializer[Any]):
    person = PersonRef()
    role = serializers.CharField()


class HolderShape(serializers.Serializer[Any]):
    person = PersonRef()
    granted_at = serializers.DateTimeField(allow_null=True)
    granted_by = serializers.CharField(help_text="Empty: the platform's operator.")


class CuratorShape(serializers.Serializer[Curatorship]):
    """Somebody outside who sees the sums of the organization, no people."""

    name = serializers.CharField(source="user.display_name")
    authority = serializers.CharField()
    since = serializers.DateTimeField()


class AccessShape(serializers.Serializer[Any]):
    """Who sees the statistics of the organization."""

    administrators_see = serializers.BooleanField()
    by_role = SeesByRoleShape(many=True)
    granted = HolderShape(many=True)
    curators = CuratorShape(many=True)
    can_grant = serializers.BooleanField(help_text="Whether you give the right and take it back.")


class CuratedOrganization(serializers.Serializer[Any]):
    slug = serializers.CharField(source="organization.slug")
    short_name = serializers.CharField(source="organization.short_name")
    name = serializers.CharField(source="organization.name")
    figures = ValueShape(many=True)


class CuratedTable(_Asked):
    """Organizations side by side, by name. `counted_at` is the oldest of them; `totals` those of the numbers shown."""

    organizations = CuratedOrganization(many=True)
    totals = ValueShape(many=True)


class CuratedOverview(_Asked):
    """All figures of one organization, without norms."""

    slug = serializers.CharField()
    short_name = serializers.CharField()
    figures = ValueShape(many=True)
