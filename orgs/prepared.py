"""What the pages of every day ask on behalf of an actor, put together once for each shape of an actor.

The selector stays as it is and takes an actor. It is called with an example: a made-up actor with the same roles, who
has as many units and children as the real one (rounded up). The statement it gives is kept and asked with the real
one's numbers. Access is decided by the same conditions as ever, with what the actor is at this very request; what is
kept is a text (`common.prepared`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import update_wrapper
from itertools import count
from threading import Lock
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from django.db.models import QuerySet

from common.prepared import Plan, Value, make_plan, preparing
from orgs.actor import Actor, Child
from orgs.models import Organization, Person

Row = TypeVar("Row")
P = ParamSpec("P")

# More shapes than people of an organization have between them; the one asked longest ago makes room.
MOST_SHAPES = 48
# Ids no row will ever have, and a moment before any other.
_FIRST_ID = 7_700_000_000_000_001
_LONG_AGO = datetime(1650, 1, 1, tzinfo=UTC)

Shape = tuple[Any, ...]


class _Ids(frozenset[int]):
    """Made-up ids: what follows from comparing them would be wrong for the real ones."""

    def _refuse(self, *_args: object) -> Any:
        raise TypeError("a prepared query cannot compare the actor's units")

    __contains__ = __sub__ = __and__ = __xor__ = __len__ = _refuse

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def __or__(self, other: Iterable[int]) -> _Ids:  # type: ignore[override]
        return _Ids([*self, *other])

    __ror__ = __or__


@dataclass(frozen=True)
class _Example:
    """A made-up actor, the other arguments, and what stands for what."""

    actor: Actor
    arguments: tuple[Any, ...]
    values: dict[str, Value]


class PreparedFor(Generic[P, Row]):
    """`selector(actor, …) -> QuerySet` as `prepared(actor, …) -> list`; one query.

    Other arguments are ids, sets of ids, moments (nothing may be reckoned from them), or switches: None, booleans and
    words, of which there are few, because each makes a shape of its own. A selector that asks more of an actor than its
    roles and ids (rights that were granted, the organization's clock) is refused when it is first asked.
    """

    def __init__(self, build: Callable[Concatenate[Actor, P], QuerySet[Any, Row]]) -> None:
        self._build = build
        self._plans: OrderedDict[Shape, Plan | None] = OrderedDict()
        self._lock = Lock()
        update_wrapper(self, build)

    def __call__(self, actor: Actor, *args: P.args, **_: P.kwargs) -> list[Row]:
        """Ask on behalf of `actor`; the arguments stand in their order."""
        shape = _shape_of(actor, args)
        with self._lock:
            is_known = shape in self._plans
            plan = self._plans.get(shape)
            if is_known:
                self._plans.move_to_end(shape)
        if not is_known:
            plan = self._plan(actor, args)
            with self._lock:
                self._plans[shape] = plan
                if len(self._plans) > MOST_SHAPES:
                    self._plans.popitem(last=False)
        return plan.ask(_values_of(actor, args)) if plan is not None else []

    def _plan(self, actor: Actor, args: tuple[Any, ...]) -> Plan | None:
        example = _example_of(actor, args)
        with preparing():
            return make_plan(self._build(example.actor, *example.arguments), example.values, all_needed=False)  # type: ignore[call-arg]

    def plain(self, actor: Actor, *args: P.args, **_: P.kwargs) -> list[Row]:
        """The same without anything kept: what a prepared answer is compared with."""
        return list(self._build(actor, *args))  # type: ignore[call-arg]


def prepared(build: Callable[Concatenate[Actor, P], QuerySet[Any, Row]]) -> PreparedFor[P, Row]:
    """Make the selector `build` a prepared one; see `PreparedFor`."""
    return PreparedFor(build)


def _room(number: int) -> int:
    """How many places so many ids take: 0, 1, 2, 4, 8, …"""
    return 1 << (number - 1).bit_length() if number else 0


def _groups(actor: Actor) -> list[tuple[str, Iterable[int]]]:
    """The actor's sets of units by name, always in the same order."""
    own: list[tuple[str, Iterable[int]]] = [
        ("led", actor.led_unit_ids),
        ("taught", actor.taught_unit_ids),
        ("studied", actor.studied_unit_ids),
    ]
    return own + [(f"child{place}", child.unit_ids) for place, child in enumerate(actor.children)]


def _shape_of(actor: Actor, args: tuple[Any, ...]) -> Shape:
    units = tuple(_room(len(ids)) for _name, ids in _groups(actor))  # type: ignore[arg-type]
    return actor.roles, units, tuple(_shape_of_argument(value) for value in args)


def _shape_of_argument(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | datetime):
        return type(value)
    return _Ids, _room(len(value))


def _values_of(actor: Actor, args: tuple[Any, ...]) -> dict[str, Value]:
    """Every value that a statement may ask for, by the name of its place."""
    values: dict[str, Value] = {"person": actor.person.pk, "organization": actor.organization.pk}
    values |= {"user": actor.user_id, "joined": actor.person.joined_at or actor.person.created_at}
    values |= {f"child{place}": child.id for place, child in enumerate(actor.children)}
    for name, ids in _groups(actor):
        values |= _spread(f"{name}_unit", ids)
    for place, value in enumerate(args):
        if isinstance(value, int | datetime) and not isinstance(value, bool):
            values[f"argument{place}"] = value
        elif value is not None and not isinstance(value, bool | str):
            values |= _spread(f"argument{place}", value)
    return values


def _spread(name: str, ids: Iterable[int]) -> dict[str, Value]:
    """The ids in as many places as there is room for; the last one fills what is left."""
    listed = list(ids)
    listed += listed[-1:] * (_room(len(listed)) - len(listed))
    return {f"{name}_{place}": value for place, value in enumerate(listed)}


def _example_of(actor: Actor, args: tuple[Any, ...]) -> _Example:
    numbers = count(_FIRST_ID)
    values: dict[str, Value] = {
        name: _LONG_AGO - timedelta(days=place) if isinstance(value, datetime) else next(numbers)
        for place, (name, value) in enumerate(_values_of(actor, args).items())
    }

    def ids(prefix: str) -> _Ids:
        return _Ids(value for name, value in values.items() if name.startswith(f"{prefix}_"))  # type: ignore[misc]

    # Rows of which nothing but the id is known: to look at anything else would be a query, and that is refused.
    person = Person.from_db(None, ["id"], [values["person"]])
    person.joined_at = values["joined"]  # type: ignore[assignment]
    made_up = Actor(
        user_id=values["user"],  # type: ignore[arg-type]
        person=person,
        organization=Organization.from_db(None, ["id"], [values["organization"]]),
        roles=actor.roles,
        led_unit_ids=ids("led_unit"),
        taught_unit_ids=ids("taught_unit"),
        studied_unit_ids=ids("studied_unit"),
        children=tuple(
            Child(values[f"child{place}"], "", "", ids(f"child{place}_unit"))  # type: ignore[arg-type]
            for place in range(len(actor.children))
        ),
    )
    made_up.__dict__["child_unit_ids"] = _Ids(unit for child in made_up.children for unit in child.unit_ids)
    arguments: list[Any] = []
    for place, value in enumerate(args):
        if value is None or isinstance(value, bool | str):
            arguments.append(value)
        elif isinstance(value, int | datetime):
            arguments.append(values[f"argument{place}"])
        else:
            arguments.append(ids(f"argument{place}"))
    return _Example(made_up, tuple(arguments), values)
