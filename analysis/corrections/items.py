"""The corrections of one clip, read from their file."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analysis import landmarks as lm
from analysis.errors import AnalysisError
from analysis.types import ClipFacts, Profile, Side, ViewName

EVENTS = ("foot_strike", "toe_off")
ACTIONS = ("move", "add", "remove")
SLOWEST, FASTEST_MPS = 32.0, 12.0


@dataclass(frozen=True)
class EventFix:
    """A foot strike or toe-off put right; media time."""

    event: str
    side: Side
    action: str
    t_s: float
    to_s: float | None = None


@dataclass(frozen=True)
class PointFix:
    """A landmark put right on one frame; media time, pixels of the upright full frame, y down from the top."""

    t_s: float
    point: int
    to: tuple[float, float]


@dataclass(frozen=True)
class Corrections:
    """All that a person put right.  ``runner`` media time and pixels (y down); ``stretch`` start and end, media time;
    ``items`` as they were written, for the report.
    """

    view: ViewName | None = None
    speed_mps: float | None = None
    slow_motion: float | None = None
    true_fps: float | None = None
    runner: tuple[float, float, float] | None = None
    stretch: tuple[float, float | None] | None = None
    events: tuple[EventFix, ...] = ()
    points: tuple[PointFix, ...] = ()
    items: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    def profile(self, said: Profile) -> Profile:
        """What is known of runner and occasion, put right."""
        return replace(said, view=self.view or said.view, speed_mps=self.speed_mps or said.speed_mps)

    def factor(self, facts: ClipFacts) -> float | None:
        """How many times slower than life the clip plays; None = to be found out."""
        if self.true_fps is not None:
            return max(1.0, self.true_fps / facts.fps)
        return self.slow_motion

    def events_in_real_time(self, facts: ClipFacts) -> tuple[EventFix, ...]:
        """The events put right, on the clock of a runner in real time."""
        slow = facts.slow_motion_factor
        return tuple(
            replace(fix, t_s=fix.t_s / slow, to_s=None if fix.to_s is None else fix.to_s / slow) for fix in self.events
        )


NOTHING = Corrections()


def read_corrections(source: Path | Sequence[Mapping[str, Any]]) -> Corrections:
    """The corrections of a JSON file, or of the list that would be in it.

    Raises
    ------
    AnalysisError
        ``corrections`` when it is not such a list.
    """
    try:
        items = json.loads(source.read_text()) if isinstance(source, Path) else list(source)
        found = NOTHING
        for item in items:
            found = _with(found, item)
        return replace(found, items=tuple(items))
    except (OSError, ValueError, KeyError, TypeError, IndexError, OverflowError) as error:
        raise AnalysisError("corrections", f"The corrections cannot be read: {error}.") from error


def _with(found: Corrections, item: Mapping[str, Any]) -> Corrections:
    """One more correction."""
    match item["kind"]:
        case "view":
            return replace(found, view=ViewName(item["view"]))
        case "speed":
            return replace(found, speed_mps=_number(item["speed_mps"], 0.5, FASTEST_MPS))
        case "slow_motion" if item.get("true_fps") is not None:
            return replace(found, true_fps=_number(item["true_fps"], 1.0, 2000.0), slow_motion=None)
        case "slow_motion":
            return replace(found, slow_motion=_number(item["factor"], 1.0, SLOWEST), true_fps=None)
        case "runner":
            return replace(found, runner=(_number(item["t_s"]), *_place(item["at"])))
        case "stretch":
            return replace(found, stretch=_stretch(item))
        case "event":
            return replace(found, events=(*found.events, _event(item)))
        case "landmark":
            return replace(found, points=(*found.points, _point(item)))
    raise ValueError(f"unknown kind {item['kind']}")


def _stretch(item: Mapping[str, Any]) -> tuple[float, float | None]:
    start_s, end_s = _number(item["start_s"]), item.get("end_s")
    if end_s is None:
        return start_s, None
    end_s = _number(end_s)
    if end_s <= start_s:
        raise ValueError("a stretch ends after it starts")
    return start_s, end_s


def _event(item: Mapping[str, Any]) -> EventFix:
    if item["event"] not in EVENTS or item["action"] not in ACTIONS:
        raise ValueError(f"unknown event {item['event']} or action {item['action']}")
    to_s = _number(item["to_s"]) if item["action"] == "move" else None
    return EventFix(item["event"], Side(item["side"]), item["action"], _number(item["t_s"]), to_s)


def _point(item: Mapping[str, Any]) -> PointFix:
    point = int(item["point"])
    if not 0 <= point < lm.COUNT:
        raise ValueError(f"no landmark {point}")
    return PointFix(_number(item["t_s"]), point, _place(item["to"]))


def _place(at: Sequence[Any]) -> tuple[float, float]:
    return _number(at[0]), _number(at[1])


def _number(value: Any, least: float = 0.0, most: float = 1e6) -> float:
    number = float(value)
    if not (math.isfinite(number) and least <= number <= most):
        raise ValueError(f"{number:g} is not between {least:g} and {most:g}")
    return number
