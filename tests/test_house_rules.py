"""Does every line stand in the room where the house wants it?  Imports, purity, commits, and what must not be said."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted([*(ROOT / "pqr").rglob("*.py"), *(ROOT / "workers").rglob("*.py")])

FLOORS = (
    {
        "pqr.announcing",
        "pqr.api",
        "pqr.app",
        "pqr.checkups",
        "pqr.cli",
        "pqr.comparing",
        "pqr.desk",
        "pqr.door",
        "pqr.fetching",
        "pqr.guard",
        "pqr.health",
        "pqr.logs",
        "pqr.mailroom",
        "pqr.metrics",
        "pqr.portal",
        "pqr.posting",
        "pqr.reporting",
        "pqr.tracing",
        "pqr.up",
        "pqr.wire",
        "workers",
    },
    {"pqr.watching"},
    {"pqr.backups", "pqr.rekeying", "pqr.upgrade", "pqr.upkeep"},
    {"pqr.intake", "pqr.publishing", "pqr.reminders", "pqr.reports", "pqr.sharing"},
    {"pqr.tickets"},
    {"pqr.accounts", "pqr.secretarias"},
    {"pqr.closures", "pqr.entity", "pqr.mail"},
    {"pqr.config"},
    {"pqr.about", "pqr.leases", "pqr.variables"},
    {"pqr.cause", "pqr.clock", "pqr.db", "pqr.errors", "pqr.opaque", "pqr.sealing", "pqr.turns"},
    {"pqr.terms"},
)
# `accounts` belongs to offices, so it may know them; reports count what was published; a door may use the doors'
# common ground.
ALLOWED = {("pqr.accounts", "pqr.secretarias"), ("pqr.config", "pqr.terms"), ("pqr.reports", "pqr.publishing")}
RULES = (
    "pqr.terms.*",
    "pqr.mail.addresses", "pqr.mail.bounces", "pqr.mail.message", "pqr.mail.quoting",
    "pqr.mail.sealed", "pqr.mail.trust",
    "pqr.secretarias.learning", "pqr.secretarias.routing",
    "pqr.tickets.internal_dates", "pqr.tickets.invented", "pqr.tickets.priority", "pqr.tickets.radicado",
    "pqr.tickets.states", "pqr.tickets.suspicion", "pqr.tickets.traces", "pqr.tickets.traces_heif", "pqr.tickets.words",
    "pqr.intake.classify", "pqr.intake.kind", "pqr.intake.orders",
    "pqr.publishing.anonymity", "pqr.publishing.catalogue", "pqr.publishing.columns",
    "pqr.reminders.schedule", "pqr.reports.charts", "pqr.reports.errata", "pqr.reports.indicator",
    "pqr.reports.named_periods", "pqr.reports.official", "pqr.reports.ordered", "pqr.reports.periods",
    "pqr.reports.suppression", "pqr.reports.tallies", "pqr.accounts.permissions", "pqr.about", "pqr.entity.logos",
    "pqr.entity.prose", "pqr.opaque", "pqr.sharing.reachable", "pqr.sharing.signing", "pqr.reports.columns",
    "pqr.reports.duplicates", "pqr.reports.likeness", "pqr.reports.actions", "pqr.reports.plain", "pqr.reports.plan",
    "pqr.reports.sparks", "pqr.cause", "pqr.watching.rules",
)  # fmt: skip
IMPURE = {"flask", "sqlalchemy", "celery", "redis", "smtplib", "imap_tools", "obstore", "pqr.clock", "pqr.db"}


def module_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(module: str) -> str:
    return "workers" if module.startswith("workers") else ".".join(module.split(".")[:2])


def floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def test_every_room_has_its_floor():
    rooms = {room_of(module_of(path)) for path in CODE} - {"pqr"}
    assert rooms <= set().union(*FLOORS)


@pytest.mark.parametrize("path", CODE, ids=module_of)
def test_a_room_imports_only_from_the_floors_below(path):
    room = room_of(module_of(path))
    if room == "pqr":
        assert not imports_of(path)
        return
    for other in {room_of(name) for name in imports_of(path) if name.startswith(("pqr.", "workers"))} - {room}:
        if floor_of(room) == floor_of(other) == 0:
            assert other != "workers", f"{room} imports the workers"
        elif (room, other) not in ALLOWED:
            assert floor_of(other) > floor_of(room), f"{room} imports {other}"


@pytest.mark.parametrize("path", [path for path in CODE if room_of(module_of(path)) != "workers"], ids=module_of)
def test_the_service_knows_neither_celery_nor_redis(path):
    assert not {name for name in imports_of(path) if name.split(".")[0] in {"celery", "redis", "kombu"}}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_pure_in_a_fresh_interpreter(rule):
    names = [rule]
    if rule.endswith(".*"):
        folder = ROOT.joinpath(*rule.removesuffix(".*").split("."))
        names = [module_of(path) for path in folder.glob("*.py")]
    code = f"import sys, {', '.join(names)}; print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not IMPURE & set(loaded.stdout.split())


def test_only_the_database_module_commits_and_only_doors_open_transactions():
    for path in CODE:
        text, module = path.read_text(encoding="utf-8"), module_of(path)
        assert ".commit()" not in text or module == "pqr.db", module
        if re.search(r"\btransaction\(\)", text) and module != "pqr.db":
            assert floor_of(room_of(module)) == 0, module


def test_only_doors_read_the_clock_and_only_config_and_doors_the_environment():
    for path in CODE:
        module, names = module_of(path), imports_of(path)
        if "pqr.clock" in names or "os.environ" in path.read_text(encoding="utf-8"):
            assert module == "pqr.config" or floor_of(room_of(module)) == 0, module
        assert "datetime.now(" not in path.read_text(encoding="utf-8") or module == "pqr.clock", module


def test_every_module_says_which_question_it_answers():
    for path in CODE:
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert docstring, module_of(path)


def test_no_file_is_longer_than_it_can_be_read_in_one_sitting():
    for path in CODE:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 250, module_of(path)


def test_every_scheduled_task_exists_and_takes_no_argument(settings):
    from workers.broker import NUDGED, SCHEDULE, make_celery

    celery = make_celery(settings)  # not that of `workers.app`, whose tasks would work on its own application
    celery.loader.import_default_modules()
    for name in {entry["task"] for entry in SCHEDULE.values()} | set(NUDGED):
        assert celery.tasks[name].__wrapped__.__code__.co_argcount == 0


# Every thing that the law makes happen to a petition (CPACA, Leyes 1581 and 1712), by the name of its event.
LAW = """
filed missing_noted assigned reassigned completion_requested completion_extended petition_completed withdrawn_tacit
withdrawn_express clarification_requested archived_unclear rejected answered_by_reference transferred
transferred_part competence_conflict recusal extended urgent_measure grouped denied_reserved insistence
insistence_security answered notified appealed copies_delivered silence_positive silence_negative data_claim_marked
data_claim_fix_requested reopened report_ready report erratum
"""
PENDING, NO_LETTER = "pendiente", "ninguna"


def table_of_the_law():
    """The rows of docs/ley.md: the events that the first cell names, and the other cells."""
    for line in (ROOT / "docs" / "ley.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            yield re.findall(r"`(\w+)`", cells[0]), [cell.strip("`") for cell in cells[1:]]


def test_every_event_of_the_law_has_its_row_with_its_norm():
    rows = list(table_of_the_law())
    assert [events[0] for events, _ in rows] == LAW.split()
    assert all(len(cells) == 5 and cells[0] and re.search(r"art|entidad", cells[1]) for _, cells in rows)


def test_what_the_table_of_the_law_names_exists():
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE)
    for events, (_, _, module, letter, test) in table_of_the_law():
        if PENDING in (module, letter, test):
            assert (module, letter, test) == (PENDING,) * 3, f"{events[0]} is half done"
            continue
        path, _, name = test.partition("::")
        assert (ROOT / module).is_file(), events[0]
        assert letter == NO_LETTER or (ROOT / "templates" / "mail" / letter / "body.txt").is_file(), events[0]
        assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), events[0]
        done = [event for event in events if event not in ("competence_conflict", "recusal")]  # causes of `paused`
        assert all(f'"{event}"' in code for event in done), events[0]
