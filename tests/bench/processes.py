"""What do processes and all their children take?  CPU and memory, as Linux tells in /proc."""

import os
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """The process and all that it started, and they."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return [pid, *(each for file in children for child in file.read_text().split() for each in family(int(child)))]


def cpu_seconds(roots: Iterable[int]) -> float:
    """Of them and theirs so far, those that have ended aside."""
    ticks = 0
    for pid in [each for root in roots for each in family(root)]:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def memory(root: int) -> float:
    """MB of it and its children, what they share counted once (PSS)."""
    kilobytes = 0
    for pid in family(root):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1000
