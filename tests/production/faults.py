"""Everything is killed in turn while people write, join and ask for codes: what they notice, when it heals.

`python -m tests.production.faults` prints the table, `--write` puts it into docs/faults.md, `--pooled` measures with
PgBouncer before PostgreSQL.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.production.load import Doorkeeper, Forgetful, Listener, Person, Writer
from tests.production.stand import Stand, running
from tests.project.source import ROOT

PAGE = ROOT / "docs" / "faults.md"
NEWCOMERS, CALM, HEALED_WITHIN = 500, 2.0, 90.0


@dataclass(frozen=True)
class Fault:
    """What is killed, and what a reader of the table is told of it."""

    name: str
    title: str
    notice: str
    # PostgreSQL alone is told to stop at once instead of being killed: both lose the same.
    number: int = signal.SIGKILL


FAULTS = [
    Fault("web-1", "`web`: one of two", "a request in its hands fails; the page sends it again, to the other one"),
    Fault("ws-1", "`ws`: one of two", "its open pages connect again within seconds and ask for what they missed"),
    Fault("worker-1", "`worker`: one of two", "nothing; pushes and letters go through the other one"),
    Fault("worker-urgent-1", "`worker-urgent`: the only one", "codes come later: with its return, or by the schedule"),
    Fault("beat-1", "`beat`", "nothing; what is due by the clock is done when it is back"),
    Fault("redis", "Redis", "messages are accepted, pages see them after a moment; codes come by the schedule"),
    Fault(
        "postgres", "PostgreSQL", "nothing can be read or written until it is back; pages send again", signal.SIGQUIT
    ),
    Fault("proxy", "the proxy", "the site is away; pages connect again by themselves"),
]


@dataclass
class Outcome:
    """What one fault did, in seconds."""

    fault: Fault
    # The longest time in which nobody's message was accepted, and in which no page heard one.
    writing: float = 0.0
    hearing: float = 0.0
    # Until everything answered again and a code that was asked for then had come.
    healed: float = 0.0
    troubles: int = 0


@dataclass
class Run:
    """The people of one run and what became of what they did."""

    stand: Stand
    school: dict[str, Any]
    writers: list[Writer] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        slug, chat, sessions = self.school["slug"], self.school["chats"]["5А parents"], self.school["sessions"]
        self.chat = chat
        for number in range(2):
            for name in sessions:
                self.writers.append(Writer(f"{name} {number}:", self.stand, sessions[name], slug, chat))
        for name in ("ws-1", "ws-2"):
            port = self.stand.ports[name]
            self.listeners.append(Listener(name, self.stand, sessions["parent"], slug, port))
        half = len(self.school["newcomers"]) // 2
        self.door = Doorkeeper(self.stand, self.school["link"], self.school["newcomers"][:half])
        self.codes = Forgetful(self.stand, [one["phone"] for one in self.school["newcomers"][half:]])

    @property
    def everybody(self) -> list[Person]:
        """All threads of the run."""
        return [*self.listeners, *self.writers, self.door, self.codes]

    def fail_loudly(self) -> None:
        """What went wrong in a thread fails the run."""
        failures = [f"{person.name}: {person.failure!r}" for person in self.everybody if person.failure]
        assert not failures, failures

    # --- One fault ------------------------------------------------------------------------------------------------
    def suffer(self, fault: Fault) -> Outcome:
        """Kill, wait until all is well again, and tell how it went."""
        self.be_calm()
        instance = self.stand.engine.instances[fault.name]
        starts, began = instance.starts, time.monotonic()
        if fault.number == signal.SIGKILL:
            instance.signal_all(signal.SIGKILL)
        else:
            instance.process.send_signal(fault.number)
        outcome = Outcome(fault)
        self.until(lambda: instance.starts > starts, f"{fault.name} is started again")
        self.until(lambda: self.all_writing_since(time.monotonic() - 2, began), f"everybody writes after {fault.name}")
        known = self.how_much_was_said()
        self.until(lambda: self.all_hear_what_came_after(known), f"every page hears after {fault.name}")
        self.stand.wait_until_ready()
        self.until(lambda: self.codes_come(time.monotonic()), f"codes come after {fault.name}")
        until = time.monotonic()
        outcome.healed = until - began
        outcome.writing = max(writer.diary.gap(began, until) for writer in self.writers)
        outcome.hearing = max(page.diary.gap(began, until) for page in self.listeners)
        outcome.troubles = sum(person.diary.troubles(began, until) for person in self.everybody)
        self.fail_loudly()
        self.outcomes.append(outcome)
        return outcome

    def until(self, is_so: Callable[[], Any], what: str) -> None:
        """Wait, but not for ever."""
        try:
            self.stand.wait(is_so, what, HEALED_WITHIN)
        except AssertionError:
            for person in self.everybody:
                print(f"{person.name}: {len(person.diary.good)} went well, {person.diary.bad[-2:]}", file=sys.stderr)  # noqa: T201
            raise

    def be_calm(self) -> None:
        """Nothing goes wrong for a while: everybody writes, every page hears."""
        began, known = time.monotonic(), self.how_much_was_said()
        self.until(lambda: self.all_writing_since(began, began), "everybody writes")
        self.until(lambda: self.all_hear_what_came_after(known), "every page hears")
        time.sleep(max(0.0, began + CALM - time.monotonic()))

    def all_writing_since(self, moment: float, after: float) -> bool:
        """Whether each writer, and the door while somebody comes, had something accepted since then."""
        busy = [*self.writers, *([self.door] if self.door.newcomers else [])]
        return all(person.diary.good and person.diary.good[-1] > max(moment, after) for person in busy)

    def how_much_was_said(self) -> dict[str, int]:
        """How many messages of each writer were accepted so far."""
        return {writer.name: len(writer.accepted) for writer in self.writers}

    def all_hear_what_came_after(self, known: dict[str, int]) -> bool:
        """Whether each page has heard a message that was accepted later than `known`."""
        said = {text for writer in self.writers for text in writer.accepted[known[writer.name] :]}
        return all(said & set(page.heard.copy()) for page in self.listeners)

    def codes_come(self, since: float) -> bool:
        """Whether a code that was asked for since then has come."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            asked = [phone for phone, moment in list(self.codes.asked.items()) if moment > since]
            if any(self.stand.gateway.codes(phone) for phone in asked):
                return True
            time.sleep(0.1)
        return False

    # --- What became of it ----------------------------------------------------------------------------------------
    def judge(self) -> dict[str, int]:
        """Compare what was accepted with what is there; raises unless each is there exactly once."""
        for person in self.everybody:
            person.stopped.set()
        for person in self.everybody:
            person.join(HEALED_WITHIN)
        self.fail_loudly()
        there = self.stand.data("what_is_there", self.chat, self.school["invitation"])
        accepted = [text for writer in self.writers for text in writer.accepted]
        lost, doubled = different(accepted, there["texts"])
        assert (lost, doubled) == ([], []), f"messages lost: {lost}, doubled: {doubled}"
        lost, doubled = different(self.door.accepted, Counter(there["joined"]).elements())
        assert (lost, doubled) == ([], []), f"joins lost: {lost}, doubled: {doubled}"
        assert there["uses"] == len(there["joined"])
        self.until(lambda: self.stand.data("waiting_in_outbox") == 0, "the outbox is empty")
        codes = {phone: self.stand.gateway.codes(phone) for phone in self.codes.asked}
        missing = [phone for phone, came in codes.items() if not came]
        twice = [phone for phone, came in codes.items() if len(came) > 1]
        assert not missing, f"codes that never came: {missing}"
        # A worker that dies between handing a code over and noting it sends the same once more (outbox/delivery.py).
        assert len(twice) <= 2, f"codes that came twice: {twice}"
        return {"messages": len(accepted), "joins": len(self.door.accepted), "codes": len(codes), "twice": len(twice)}


def different(wanted: list[str], there: Any) -> tuple[list[str], list[str]]:
    """What is missing, and what is there more than once."""
    counts = Counter(there)
    return [one for one in wanted if not counts[one]], [one for one, times in counts.items() if times > 1]


def measure(stand: Stand, faults: list[Fault] = FAULTS) -> tuple[list[Outcome], dict[str, int]]:
    """Let everybody work through `faults`; raises `AssertionError` when something accepted was lost or doubled."""
    run = Run(stand, stand.data("busy_school", NEWCOMERS))
    for person in run.everybody:
        person.start()
    for fault in faults:
        if fault.name in stand.engine.instances:
            outcome = run.suffer(fault)
            print(outcome, flush=True)  # noqa: T201 - a run that fails tells how far it came
    return run.outcomes, run.judge()


# --- The table ------------------------------------------------------------------------------------------------------
HEAD = """# Faults and outcomes

Measured by `make faults` on the production set (`tests/production/stand.py`: two `web`,
two `ws`, two `worker`, everything else once, PostgreSQL and Redis with their data on the disk, nginx with TLS in front)
while six people write to a chat as fast as they can, others join by a link and ask for codes. Each service is killed
with `kill -9` (PostgreSQL: `pg_ctl -m immediate`) and started again as `restart: unless-stopped` does. The machine had
two cores, shared with everything else; starting a Python process anew is the larger part of most times. «All heals» is
when every process answers or works again and a code that was asked for then has come.

| fault | what people notice | a message waits at most | pages hear again in | all heals in | tries that failed | lost |
|---|---|---|---|---|---|---|
"""


def table(outcomes: list[Outcome], counts: dict[str, int]) -> str:
    """The page docs/faults.md."""
    rows = "".join(
        f"| {one.fault.title} | {one.fault.notice} | {one.writing:.1f} s | {one.hearing:.1f} s | {one.healed:.1f} s "
        f"| {one.troubles} | nothing |\n"
        for one in outcomes
    )
    return f"{HEAD}{rows}{FOOT.format(**counts)}"


FOOT = """
Through all of it {messages} messages, {joins} joins and {codes} codes were accepted; each message and each join is in
the database exactly once, every code came, {twice} of them twice. The run fails otherwise, and continuous integration
runs it.

What makes it so:

- **A request whose answer got lost is sent again** by the page or the program. A message carries a key of the sender's
  device (`client_key`): the same key gives the message that is there. Joining by the same link again finds the person.
- **The proxy** passes a request on to the other `web` only when it was not yet given to the first; what changes
  something is never sent twice by it. What meets a part that is being restarted is answered 503 with `Retry-After`.
- **`web` loads the program before it opens its port** (`preload_app`), so what comes back serves at once; before that,
  a message could wait 4.9 s in the queue of a process that was still reading its code.
- **Jobs** are acknowledged when they are done; what has to survive Redis stands in tables (outbox, works, time stamps),
  and the schedule finds it there. A code that a dying worker was sending is sent once more after two minutes at most.
- **Open pages** count events: whoever missed one asks for the changes. When `ws` loses Redis it tells its pages so.
- **Database connections** are checked before a request uses them (`CONN_HEALTH_CHECKS`); what a killed process has
  asked of PostgreSQL ends within five seconds with its locks (`client_connection_check_interval`).
- **Through PgBouncer** (`--pooled`) the same holds; PostgreSQL's death is felt for 2.5 s, because the pooler asks for
  it again every second (`server_login_retry`; with its own fifteen it was 15.5 s).
- **PostgreSQL** has told «accepted» only after its journal was on the disk (`fsync`, `synchronous_commit`): who
  switches that off loses the last messages with the power.
- **Redis** keeps its queue in a file that is written every second; a second of jobs is made up for by the schedule.
"""


def main() -> None:
    """Measure; print the table or write it."""
    with running(pooled="--pooled" in sys.argv) as stand:
        page = table(*measure(stand))
    if "--write" in sys.argv:
        PAGE.write_text(page, encoding="utf-8")
    print(page)  # noqa: T201


if __name__ == "__main__":
    main()
