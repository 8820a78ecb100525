"""The units a file names: those of this year, else new ones (ORG-8)."""

from __future__ import annotations

from orgs.models import Part, Unit, UnitKind
from orgs.services.structure import UnitData, class_from_name, sort_key_of
from roster.reckoning import problems
from roster.reckoning.plan import Place, Spot
from roster.reckoning.snapshot import Roster
from roster.records import Problem, RosterRecord

MOST_NAME = 100


class Places:
    """Finds the unit of a row. A name that nobody bears becomes a new unit of the organization's main kind."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._main = roster.words.main_unit_kind
        self._found: dict[str, tuple[Spot | None, Problem | None]] = {}
        self._new: dict[str, Spot] = {}
        self.new: dict[Spot, UnitData] = {}

    def of(self, record: RosterRecord) -> Place | None:
        """Return where the row puts its person; None for nowhere, or when it cannot be told."""
        if not record.unit or not record.part:
            return None
        spot = self._own_of(record) or self._look_up(record.unit)[0]
        return Place(spot, record.part) if spot is not None else None

    def _own_of(self, record: RosterRecord) -> Spot | None:
        """Of several units with one name, the one where the person already is."""
        units = self._named(record.unit)[1] if record.platform_id else []
        if len(units) < 2:
            return None
        held = self._roster.places.get(record.platform_id or 0, [])
        own = [unit for unit in units if any((one.unit_id, one.part) == (unit.pk, record.part) for one in held)]
        return self.spot_of(own[0]) if len(own) == 1 else None

    def problems_of(self, record: RosterRecord) -> list[Problem]:
        """Return why the unit of the row cannot be told."""
        if not record.unit or not record.part:
            return []
        problem = self._look_up(record.unit)[1]
        return [problem] if problem is not None and self._own_of(record) is None else []

    def is_exclusive(self, spot: Spot) -> bool:
        """Tell whether a student is in one such unit only: classes and groups of the main kind. Circles add up."""
        return self.is_exclusive_kind(spot.kind)

    def is_exclusive_kind(self, kind: str) -> bool:
        return kind == self._main and kind != UnitKind.CIRCLE

    def spot_of(self, unit: Unit) -> Spot:
        """Return the spot of a unit of the roster."""
        return Spot(unit.kind, unit.sort_key, unit.name, unit.pk)

    def _look_up(self, name: str) -> tuple[Spot | None, Problem | None]:
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> tuple[Spot | None, Problem | None]:
        data, units = self._named(name)
        if len(data.name) > MOST_NAME:
            return None, problems.unit_name_too_long(name)
        main = [unit for unit in units if unit.kind == self._main]
        if len(main or units) > 1:
            return None, problems.unit_ambiguous(name)
        if units:
            return self.spot_of((main or units)[0]), None
        # «радуга» and «Радуга» are one; the first way of writing counts.
        key = sort_key_of(data.name)
        spot = self._new.setdefault(key, Spot(self._main, key, data.name))
        self.new.setdefault(spot, data)
        return spot, None

    def _named(self, name: str) -> tuple[UnitData, list[Unit]]:
        """Return what a new unit of this name would be, and the units that have the name, however it is written."""
        data = class_from_name(name)
        if self._main != UnitKind.CLASS:
            data = UnitData(self._main, name)
        found = self._roster.units_by_key
        return data, found.get(sort_key_of(name)) or found.get(sort_key_of(class_from_name(name).name), [])

    def word(self, place: Place) -> str:
        """Return a place as people read it: «5А», «5А (классный руководитель)»."""
        if place.part == Part.STUDENT:
            return place.spot.name
        return f"{place.spot.name} ({self._roster.words.part(place.part)})"
