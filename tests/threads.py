"""Real threads against PostgreSQL, all released at once."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(deeds: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run `deeds` in threads that start together; return what each gave back or raised, in their order."""
    barrier = Barrier(len(deeds))
    outcomes: list[T | Exception] = [RuntimeError("did not run")] * len(deeds)

    def run(place: int, deed: Callable[[], T]) -> None:
        try:
            barrier.wait(timeout=30)
            outcomes[place] = deed()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes
