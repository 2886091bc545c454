"""From landmarks as found to landmarks fit for measuring: one runner, one even stretch, real time, legs untangled.

On the way come the checks that look at the whole clip.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.cleaning import clean
from analysis.flukes import without_flukes
from analysis.gates import (
    Gate,
    check_breaks,
    check_doubled,
    check_frame_rate,
    check_level,
    check_light,
    check_nobody,
    check_passing,
    check_person,
    check_sharp,
    check_sides,
    check_slow_motion,
    check_steady,
    check_time,
    check_upright,
    is_level_known,
)
from analysis.passing import Pass, brought_to_one_place, find_pass, whole_part
from analysis.realtime import RealTime, find_real_time, retimed
from analysis.stretch import find_stretch, rows_of
from analysis.strides import find_strides
from analysis.types import ClipFacts, Landmarks, Scene
from analysis.untangle import untangle_legs

# How level people hold a phone, degrees (1 SD): an engineering default.
ROLL_UNKNOWN_SD_DEG = 1.5
# Less than this, or than twice its error, is left as it is.
ROLL_LEAST_DEG = 0.5


@dataclass(frozen=True)
class Prepared:
    """``raw`` and ``cleaned`` are of the measured stretch, in real time; ``facts`` know the slow-motion factor.

    ``cleaned`` is also upright: the camera's roll is taken out where the scene tells it, with the error ``roll_sd_deg``
    that is left; ``roll_deg`` is what was taken out.  Of a runner who passes by it stays in one place, and
    ``travelling`` is what it was before ``travel`` was taken out.  It is None when a check has refused the clip.
    """

    facts: ClipFacts
    raw: Landmarks
    cleaned: Landmarks | None
    gates: tuple[Gate, ...]
    roll_sd_deg: float = 0.0
    roll_deg: float = 0.0
    travelling: Landmarks | None = None
    travel: Pass | None = None

    @property
    def media(self) -> Landmarks:
        """``raw`` in media time, for whoever goes back to the pictures."""
        return retimed(self.raw, 1.0 / self.facts.slow_motion_factor)


def prepare(
    facts: ClipFacts, found: Landmarks, scene: Scene | None, running: bool, slow_motion: float | None = None
) -> Prepared:
    """Choose the stretch, bring it into real time and clean it.

    Parameters
    ----------
    facts
        Of the clip as decoded.
    found
        Landmarks as found, media time.
    scene
        What the pixels say; None when nobody looked.
    running
        False for a standing clip.
    slow_motion
        How many times slower than life the clip plays, when a person says so.
    """
    nobody = check_nobody(found)
    if nobody.refuses:
        return Prepared(facts, found, None, (nobody,))
    # Of somebody who stands every picture is much the same.
    fresh = _fresh_rows(found, scene) if running else found
    doubled = 1.0 - len(fresh) / len(found)
    fresh = whole_part(without_flukes(fresh))
    stretch = find_stretch(fresh, scene.cuts_s if scene else (), running)
    raw = whole_part(rows_of(fresh, stretch.rows))
    gates = [*check_breaks(stretch), check_person(raw)]
    if not gates[-1].refuses:
        gates.append(check_upright(raw))
    if gates[-1].refuses:
        return Prepared(facts, raw, None, (check_frame_rate(facts, doubled), *gates))
    cleaned = clean(raw)
    real = RealTime(slow_motion or 1.0, True)
    if running and slow_motion is None:
        real = find_real_time(cleaned, facts)
    if real.factor != 1.0:
        facts, raw = replace(facts, slow_motion_factor=real.factor), retimed(raw, real.factor)
        cleaned = clean(raw)
    gates += [
        check_slow_motion(facts, real.sure),
        check_doubled(facts, doubled),
        check_time(facts, _longest_gap_s(raw)),
    ]
    gates.insert(0, check_frame_rate(facts, doubled))
    if any(gate.refuses for gate in gates):
        return Prepared(facts, raw, None, tuple(gates))
    raw, cleaned, sides = _untangled(raw, cleaned)
    gates.append(sides)
    if scene is None:
        return _in_one_place(Prepared(facts, raw, cleaned, tuple(gates)))
    gates += [check_light(scene), check_sharp(scene), check_steady(scene), check_level(scene, cleaned)]
    if not is_level_known(scene, cleaned):
        return _in_one_place(Prepared(facts, raw, cleaned, tuple(gates), ROLL_UNKNOWN_SD_DEG))
    if abs(scene.roll_deg) <= max(ROLL_LEAST_DEG, 2 * scene.roll_se_deg):
        return _in_one_place(Prepared(facts, raw, cleaned, tuple(gates), scene.roll_se_deg))
    upright = levelled(cleaned, scene.roll_deg)
    return _in_one_place(Prepared(facts, raw, upright, tuple(gates), scene.roll_se_deg, scene.roll_deg))


def _in_one_place(ready: Prepared) -> Prepared:
    """The same with the runner in one place; ``ready`` itself where that is so."""
    travel = None if ready.cleaned is None else find_pass(ready.cleaned)
    if travel is None or ready.cleaned is None:
        return replace(ready, gates=(*ready.gates, check_passing(None)))
    gates = (*ready.gates, check_passing(travel))
    return replace(
        ready, cleaned=brought_to_one_place(ready.cleaned, travel), travelling=ready.cleaned, travel=travel, gates=gates
    )


def slow_motion_of(facts: ClipFacts, found: Landmarks) -> float:
    """How many times a clip is slowed down, from landmarks as found; 1 when nobody runs."""
    if check_nobody(found).refuses:
        return 1.0
    found = without_flukes(found)
    stretch = find_stretch(found)
    return find_real_time(clean(rows_of(found, stretch.rows)), facts).factor


def in_media_time(gate: Gate, facts: ClipFacts) -> Gate:
    """A check of landmarks in real time, its moment as the player shows it."""
    return gate if gate.at_s is None else replace(gate, at_s=gate.at_s * facts.slow_motion_factor)


def _fresh_rows(found: Landmarks, scene: Scene | None) -> Landmarks:
    """Without the pictures that only repeat the one before."""
    if scene is None or not scene.doubled.any():
        return found
    keep = ~scene.doubled
    return replace(
        found,
        xy_px=found.xy_px[keep],
        world_m=found.world_m[keep],
        visibility=found.visibility[keep],
        t_s=found.t_s[keep],
    )


def levelled(landmarks: Landmarks, roll_deg: float) -> Landmarks:
    """Landmarks turned counter-clockwise about the middle of the picture: what leans ``roll_deg`` becomes upright.

    Evidence: truth clips turned by known angles, tracked anew, their roll read from the scene.  Forward lean 7.2 deg
    level; turned by 5 deg 12.4 without this and 7.2 with it; turned by -4 deg 2.9 and 7.1.  Lateral lean from behind
    -0.4; 4.6 and -0.1; -4.4 and -0.6.  Head pitch -8.7; -16.4 and -8.6; -2.1 and -8.5.
    """
    turn = np.radians(roll_deg)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    middle = np.array([landmarks.width_px, landmarks.height_px]) / 2
    world = landmarks.world_m.copy()
    world[:, :, :2] = world[:, :, :2] @ matrix
    return replace(landmarks, xy_px=(landmarks.xy_px - middle) @ matrix + middle, world_m=world)


def _longest_gap_s(raw: Landmarks) -> float:
    return float(np.max(np.diff(raw.t_s))) if len(raw) > 1 else 0.0


def _untangled(raw: Landmarks, cleaned: Landmarks) -> tuple[Landmarks, Landmarks, Gate]:
    """Landmarks as found and cleaned, the legs back on their own sides where the tracker exchanged them, and the check
    of how often it did.
    """
    strides = find_strides(cleaned)
    if strides is None:
        return raw, cleaned, check_sides(0.0)
    mended, share = untangle_legs(raw, strides)
    return (mended, clean(mended), check_sides(share)) if share else (raw, cleaned, check_sides(0.0))
