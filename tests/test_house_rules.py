"""Does every line stand in the room where the house wants it?  Imports, purity, commits, and what must not be said."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

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
    {"pqr.backups", "pqr.upgrade", "pqr.upkeep"},
    {"pqr.intake", "pqr.publishing", "pqr.rekeying", "pqr.reminders", "pqr.reports", "pqr.sharing"},
    {"pqr.tickets"},
    {"pqr.accounts", "pqr.secretarias"},
    {"pqr.closures", "pqr.entity", "pqr.mail"},
    {"pqr.config"},
    {"pqr.about", "pqr.leases", "pqr.settled", "pqr.variables"},
    {"pqr.cause", "pqr.clock", "pqr.db", "pqr.errors", "pqr.opaque", "pqr.sealing", "pqr.turns"},
    {"pqr.queueing", "pqr.terms"},
)
# `accounts` belongs to offices, so it may know them; reports count what was published; a door may use the doors'
# common ground.
ALLOWED = {("pqr.accounts", "pqr.secretarias"), ("pqr.config", "pqr.terms"), ("pqr.reports", "pqr.publishing")}
RULES = (
    "pqr.terms.*",
    "pqr.mail.addresses", "pqr.mail.bounces", "pqr.mail.message", "pqr.mail.quoting",
    "pqr.mail.sealed", "pqr.mail.trust",
    "pqr.secretarias.learning", "pqr.secretarias.routing",
    "pqr.tickets.internal_dates", "pqr.tickets.invented", "pqr.tickets.priority", "pqr.tickets.programs",
    "pqr.tickets.radicado",
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


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
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


def may_import(room: str, other: str) -> bool:
    if floor_of(room) == floor_of(other) == 0:
        return other != "workers"
    return (room, other) in ALLOWED or floor_of(other) > floor_of(room)


def test_a_room_imports_only_from_the_floors_below():
    climbing = []
    for path in CODE:
        room = room_of(module_of(path))
        if room == "pqr":
            assert not imports_of(path)
            continue
        for other in {room_of(name) for name in imports_of(path) if name.startswith(("pqr.", "workers"))} - {room}:
            if not may_import(room, other):
                climbing.append(f"{module_of(path)} imports {other}")
    assert not climbing


def test_the_service_knows_neither_celery_nor_redis():
    for path in CODE:
        known = {name for name in imports_of(path) if name.split(".")[0] in {"celery", "redis", "kombu"}}
        assert not known or room_of(module_of(path)) == "workers", module_of(path)


def loaded_with(names: Iterable[str]) -> set[str]:
    """Every module that a fresh interpreter has loaded once it has imported these."""
    code = f"import sys, {', '.join(names)}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def impurities(rules: Iterable[str]) -> set[str]:
    names = []
    for rule in rules:
        folder = ROOT.joinpath(*rule.removesuffix(".*").split("."))
        names += [module_of(path) for path in folder.glob("*.py")] if rule.endswith(".*") else [rule]
    return IMPURE & loaded_with(names)


def test_rules_are_pure_in_a_fresh_interpreter():
    """What none of them loads together, none loads alone; where one does, it is looked for."""
    assert not impurities(RULES), [rule for rule in RULES if impurities([rule])]


def test_no_process_pays_for_what_few_of_them_need():
    """Migrations, the client of DNS that comes with signing, the driver of PostgreSQL: a seventh of a start."""
    assert not {"alembic", "dns", "psycopg"} & loaded_with(["pqr.app"])


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


RUNS_WORDS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
MAKES_OBJECTS = {"pickle", "marshal", "yaml", "dill", "jsonpickle"}


def calls_of(path: Path) -> set[str]:
    """What the file calls by a plain name, and whether it asks for a shell."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            found.add(ast.unparse(node.func))
            found |= {"a shell" for each in node.keywords if each.arg == "shell"}
    return found


def test_nothing_that_arrives_is_run_as_code():
    for path in CODE:
        assert not calls_of(path) & (RUNS_WORDS | {"a shell"}), module_of(path)
        assert not {name.partition(".")[0] for name in imports_of(path)} & MAKES_OBJECTS, module_of(path)


def test_every_module_says_which_question_it_answers():
    for path in CODE:
        docstring = ast.get_docstring(tree_of(path))
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


# The requirements of OWASP ASVS 5.0.0 of levels 1 and 2: section, and how many there are from the first on.
LEVEL_TWO = """
V1.1:2 V1.2:9 V1.3:11 V1.4:3 V1.5:2 V2.1:3 V2.2:3 V2.3:4 V2.4:1 V3.2:2 V3.3:4 V3.4:6 V3.5:5 V3.7:2 V4.1:3 V4.2:1
V4.3:2 V4.4:4 V5.1:1 V5.2:3 V5.3:2 V5.4:3 V6.1:3 V6.2:12 V6.3:4 V6.4:4 V6.5:5 V6.6:3 V6.8:4 V7.1:3 V7.2:4 V7.3:2
V7.4:5 V7.5:2 V7.6:2 V8.1:2 V8.2:3 V8.3:1 V8.4:1 V9.1:3 V9.2:4 V10.1:2 V10.2:2 V10.3:4 V10.4:11 V10.5:5 V10.6:2
V10.7:3 V11.1:2 V11.2:3 V11.3:3 V11.4:4 V11.5:1 V11.6:1 V12.1:3 V12.2:2 V12.3:4 V13.1:1 V13.2:5 V13.3:2 V13.4:5
V14.1:2 V14.2:4 V14.3:3 V15.1:3 V15.2:3 V15.3:7 V16.1:1 V16.2:5 V16.3:4 V16.4:3 V16.5:3 V17.1:1 V17.2:4 V17.3:2
"""
REASONS = ("No aplica: ", "Razón: ", "Falta: ")


def lines_of_security():
    """The rows of the checklist in docs/seguridad.md: which requirement, what it asks, and what proves it."""
    whole = (ROOT / "docs" / "seguridad.md").read_text(encoding="utf-8")
    for line in whole[whole.index("## ASVS") :].splitlines():
        if line.startswith("| ") and not line.startswith("| |"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def requirements(cell):
    """The numbers that a row speaks of: V4.4.1-4 are four."""
    section, _, numbers = cell.rpartition(".")
    first, _, last = numbers.partition("-")
    return [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]


def test_the_security_checklist_has_each_requirement_once():
    told = [each for number, *_ in lines_of_security() if number.startswith("V") for each in requirements(number)]
    asked = (each.split(":") for each in LEVEL_TWO.split())
    assert told == [f"{section}.{number}" for section, many in asked for number in range(1, int(many) + 1)]


def test_no_line_of_the_security_checklist_is_without_a_test_that_exists_or_a_reason():
    for number, what, proof in lines_of_security():
        tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", proof)
        assert what, number
        assert tests or proof.startswith(REASONS), f"{number}: {proof}"
        assert len(proof) > 20, f"{number}: {proof}"
        for path, name in tests:
            assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{number}: {path}::{name}"
