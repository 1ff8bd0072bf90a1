"""Where does each reading stand in a small line?  Geometry in the SVG's own units. Pure; the template draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from pqr.reports.plan import Reading

WIDTH, HEIGHT, EDGE = 200, 56, 6
MOST = 12  # readings


@dataclass(frozen=True)
class Spark:
    """`points`: of the line, "" for a single reading. `goal_y`: where the goal's line runs. `x`, `y`: the last one."""

    points: str
    goal_y: float
    x: float
    y: float
    width: int = WIDTH
    height: int = HEIGHT


def spark(readings: Sequence[Reading]) -> Spark | None:
    """The last readings, oldest first, with the goal of the last one; None where there is none."""
    shown = [each for each in readings if each.denominator][-MOST:]
    if not shown:
        return None
    values = [each.numerator * each.unit.scale / each.denominator for each in shown]
    goal = shown[-1].goal
    low, high = min(goal, *values) - goal / 4, max(float(goal), *values)  # not from zero: a step must be seen
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)

    def height(value: float) -> float:
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - low) / (high - low), 1)

    places = [(round(EDGE + number * step, 1), height(value)) for number, value in enumerate(values)]
    if len(places) == 1:
        places = [(WIDTH - EDGE, places[0][1])]
    points = " ".join(f"{x:g},{y:g}" for x, y in places) if len(places) > 1 else ""
    return Spark(points, height(goal), *places[-1])
