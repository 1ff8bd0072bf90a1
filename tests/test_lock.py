"""Is what gets installed exactly what was looked at?  Every package by its version and its hashes, and none missing."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)


def locked(name):
    """Package and version, and the text of its entry."""
    text = (ROOT / name).read_text(encoding="utf-8")
    starts = list(_PINNED.finditer(text))
    ends = [found.start() for found in starts[1:]] + [len(text)]
    return {
        canonicalize_name(found[1]): (found[2], text[found.start() : end])
        for found, end in zip(starts, ends, strict=True)
    }


def wanted(dev):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    given = list(project["project"]["dependencies"])
    given += [each for group in project["project"].get("optional-dependencies", {}).values() for each in group]
    if dev:
        given += [each for group in project.get("dependency-groups", {}).values() for each in group]
    return [Requirement(each) for each in given if isinstance(each, str)]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_of_the_lock_has_its_hashes(name):
    packages = locked(name)
    assert len(packages) > 20
    for package, (version, entry) in packages.items():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), f"{package} {version} has no hash"
        assert "://" not in entry.partition("--hash")[0], f"{package} comes from somewhere else"


def test_the_lock_satisfies_what_the_project_asks_for():
    packages = locked("requirements-dev.lock")
    for asked in wanted(dev=True):
        version, _ = packages[canonicalize_name(asked.name)]
        assert asked.specifier.contains(version, prereleases=True), f"{asked} is locked at {version}"


def test_both_locks_agree_on_what_the_service_runs():
    service, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: version for name, (version, _) in service.items()} == {name: dev[name][0] for name in service}, (
        "the tests run something else than the service"
    )
