"""Foot strikes and toe-offs put right by a person.

The machine puts all foot strikes of a side at one place of the stride, read from the mean stride.  So one strike that a
person moves says how far that place is off: every strike of the side moves by the mean of all moves, the moved ones lie
where the person put them, and contact time, overstride and the rest of the mean step are read anew there.  An added
event joins the others and moves none.  A foot strike that was none takes the strides on either side of it out of the
mean stride: it was a stumble, or a step beside the belt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analysis.corrections.items import EVENTS, EventFix
from analysis.events import find_events
from analysis.mean_step import Shift
from analysis.types import Floats, Landmarks, Side, Strides, View

# The event that a person means is the nearest one, at most so far away.
NEAREST_S = 0.15
# A person places an event on one of the frames.
FRAME_SD = 1.0 / np.sqrt(12.0)


def correct_events(raw: Landmarks, view: View, strides: Strides, fixes: Sequence[EventFix]) -> Strides:
    """The strides with their events as found, and as put right; ``fixes`` on the clock of ``raw``."""
    found = find_events(raw, view, strides)
    if not fixes:
        return found
    shifts = _shifts(raw, found, fixes)
    moved = find_events(raw, view, strides, shifts)
    times = {event: _times(getattr(found, event), event, shifts, fixes) for event in EVENTS}
    stumbles = [fix.t_s for fix in fixes if fix.event == "foot_strike" and fix.action == "remove"]
    return replace(
        moved,
        foot_strike=times["foot_strike"],
        toe_off=times["toe_off"],
        cuts_s=_without(strides.cuts_s, stumbles),
    )


def _shifts(raw: Landmarks, found: Strides, fixes: Sequence[EventFix]) -> dict[tuple[str, Side], Shift]:
    """How far the place of each event in the stride moves."""
    frame_s = float(np.median(np.diff(raw.t_s)))
    out = {}
    for event in EVENTS:
        for side in Side:
            ways = [way for fix in fixes if (way := _way(found, event, side, fix)) is not None]
            if ways:
                spread = float(np.std(ways, ddof=1)) if len(ways) > 1 else 0.0
                error = float(np.hypot(spread, FRAME_SD * frame_s)) / np.sqrt(len(ways))
                out[event, side] = Shift(float(np.mean(ways)), float(error))
    return out


def _way(found: Strides, event: str, side: Side, fix: EventFix) -> float | None:
    if fix.to_s is None or (fix.event, fix.side) != (event, side):
        return None
    own = _nearest(getattr(found, event)[side], fix.t_s)
    return None if own is None else fix.to_s - own


def _times(
    found: Mapping[Side, Floats], event: str, shifts: Mapping[tuple[str, Side], Shift], fixes: Sequence[EventFix]
) -> dict[Side, Floats]:
    """The moments of one event, put right."""
    out = {}
    for side, times in found.items():
        shift = shifts.get((event, side))
        moments = {float(t): float(t) + (shift.seconds if shift else 0.0) for t in times}
        for fix in [fix for fix in fixes if (fix.event, fix.side) == (event, side)]:
            own = _nearest(times, fix.t_s)
            if fix.action == "add":
                moments[fix.t_s] = fix.t_s
            elif own is not None and fix.to_s is not None:
                moments[own] = fix.to_s
            elif own is not None:
                moments.pop(own, None)
        out[side] = np.array(sorted(moments.values()))
    return out


def _nearest(times: Floats, t_s: float) -> float | None:
    if not len(times):
        return None
    nearest = float(times[np.argmin(np.abs(times - t_s))])
    return nearest if abs(nearest - t_s) <= NEAREST_S else None


def _without(cuts_s: Floats, stumbles: Sequence[float]) -> Floats:
    """Strides that neither hold such a moment nor end or begin with it."""
    keep = np.ones(len(cuts_s), dtype=np.bool_)
    for t in stumbles:
        keep &= (cuts_s[:, 0] - NEAREST_S > t) | (cuts_s[:, 1] + NEAREST_S < t)
    return cuts_s[keep]
