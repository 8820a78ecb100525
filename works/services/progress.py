"""How far a work has come, for the page that shows it; and the place where it notices that it was called off."""

from time import monotonic

from django.utils import timezone

from works.models import Work

EVERY_SECONDS = 1.0


class CalledOff(Exception):
    """Somebody pressed «Остановить»: the transaction rolls back, nothing has happened."""


class Progress:
    """Counts what is done; writes at most once in `EVERY_SECONDS`.

    Inside the transaction of the writing the counts could not be seen by others, so there it is `silent`: the step that
    was named before tells people enough.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._written = 0.0
        self.silent = False

    def step(self, name: str, total: int = 0) -> None:
        """Begin the step `name` (a key of `WorkKind.steps`) of `total` things."""
        self._work.step, self._work.done, self._work.total = name, 0, total
        self._write()

    def advance(self, count: int = 1) -> None:
        """So many more things are done. Raises `CalledOff`."""
        self._work.done = min(self._work.done + count, self._work.total)
        if monotonic() - self._written >= EVERY_SECONDS:
            self._write()

    def _write(self) -> None:
        self._written = monotonic()
        if self.silent:
            return
        asked = Work.objects.filter(pk=self._work.pk).values_list("cancel_asked_at", flat=True).first()
        if asked is not None:
            raise CalledOff
        Work.objects.filter(pk=self._work.pk).update(
            step=self._work.step, done=self._work.done, total=self._work.total, alive_at=timezone.now()
        )
