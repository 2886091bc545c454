"""Checks of what the person does: running, long enough, evenly, forwards, hands free."""

from dataclasses import replace

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.gates.gate import ARMS, TURNS, Gate, Verdict
from analysis.passing import Pass
from analysis.steps import Steps
from analysis.strides import Rhythm
from analysis.types import Activity, Floats, Landmarks, Strides, View, ViewName

STRIDES_MIN = 3
STRIDES_GOOD = 6
# The bounce of running: 9.3-11.3 m/s2 at its fastest fall; below 6 nobody leaves the ground.
FALL_MIN_MS2 = 6.0
EXPLAINED_MIN = 0.5
# Quiet standing sways by 1-2 cm; a trunk is about 50 cm.
STANDING_MAX_TRUNKS = 0.08
# The first of these that fails is told with the refusal.
HIDES_A_RUN = ("cropped", "steady", "light", "sharp", "size", "sides", "speed_change")
# Asked for are five seconds.
STANDING_MIN_S = 3.0
# Stride period, share per 10 s, that the trend must exceed with its whole 95 % interval (docs/biomechanics.md
# section 6).
TREND_PER_10_S = 0.03
# A free hand moves by 0.13 to 0.38 trunks (SD; real and rendered clips), one that only bounces with the body by 0.05.
HELD_TRUNKS, HELD_WINDOW_S, HELD_SHARE = 0.04, 2.0, 0.25
WRISTS = {"left": lm.LEFT_WRIST, "right": lm.RIGHT_WRIST}
# From behind the trunk hides a hand on the rail, and the model makes it bounce with the body: by 0.05 to 0.07.  There
# the livelier of two free hands moves by 0.11 and more (33 rendered clips).
HELD_HIDDEN_TRUNKS = 0.085
# Forwards, the raised foot swings ahead: its height leads its place by 109 to 139 deg of the stride (side, real and
# rendered); time turned round changes the sign.
BACKWARDS_DEG = (30.0, 170.0)
FACING_SURE = 0.6
# Pictures with exchanged legs: up to 0.18 on six rendered bodies, whose shoulders are read 0 to 6 deg off; 0.29 to 0.32
# on a slim one in dark tights, whose shoulders are read 10 to 12 deg off.
EXCHANGED_MAX = 0.23
# Cadence by the legs and by the bounce agree within 1 % in running; half and double differ by 69 %.
SAME_TIME = 0.3


def check_activity(
    rhythm: Rhythm | None, wander_trunks: float = np.inf, steps: Steps | None = None
) -> tuple[Activity, Gate]:
    """Running: left and right alternate, and the body falls freely between the steps.

    ``wander_trunks``: `compute_wander`, which tells standing from everything else.  ``steps``: of the same clip; legs
    and body must keep the same time.
    """
    if rhythm is None or rhythm.alternating < EXPLAINED_MIN or rhythm.bouncing < EXPLAINED_MIN:
        if wander_trunks < STANDING_MAX_TRUNKS:
            text = "The person stands still. If this is the standing clip, upload it as one; else film a run."
            return Activity.STANDING, Gate("running", Verdict.FAIL, text, refuses=True)
        text = "This does not look like running. Send a clip in which one person runs steadily, 20 to 30 seconds long."
        return Activity.OTHER, Gate("running", Verdict.FAIL, text, refuses=True)
    if steps is not None and _other_time(rhythm, steps):
        text = "Legs and body do not keep the same time: the clip seems to play too fast. Send it as it was filmed."
        return Activity.OTHER, Gate("running", Verdict.FAIL, text, refuses=True)
    if rhythm.fall_ms2 < FALL_MIN_MS2:
        text = (
            f"This looks like walking ({rhythm.cadence_spm:.0f} steps a minute, both feet never off the ground). "
            "RunForm measures running. If it was running in slow motion, say so and send it again."
        )
        return Activity.WALKING, Gate("running", Verdict.FAIL, text, refuses=True)
    return Activity.RUNNING, Gate("running", Verdict.OK, f"Running, {rhythm.cadence_spm:.0f} steps a minute.")


def blame_the_clip(running: Gate, gates: list[Gate]) -> Gate:
    """A refusal of what may well be a run, and what hides it: a head cut off takes away the bounce, a change of
    speed the rhythm.
    """
    spoilt = [gate for gate in gates if gate.id in HIDES_A_RUN and gate.verdict is not Verdict.OK]
    if not running.refuses or not spoilt:
        return running
    return replace(running, message=f"{running.message} If it is a run, mend this first: {spoilt[0].message}")


def check_standing(cleaned: Landmarks) -> Gate:
    """A standing clip: the hips stay where they are, for long enough."""
    text = ""
    if compute_wander(cleaned) > STANDING_MAX_TRUNKS:
        text = "This was sent as a standing clip, but the person moves. Stand relaxed and still for five seconds."
    elif np.ptp(cleaned.t_s) < STANDING_MIN_S:
        text = "The standing clip is too short. Stand relaxed and still for five seconds."
    if text:
        return Gate("standing", Verdict.FAIL, text, refuses=True)
    return Gate("standing", Verdict.OK, "Standing still.")


def check_strides(strides: Strides | None, passing: bool = False) -> Gate:
    """Enough whole strides.  ``passing``: of a runner who passes by, who is in the picture for a few only."""
    count = len(strides) if strides is not None else 0
    how = "Put the camera further away, square to the way." if passing else "Film 20 to 30 seconds of steady running."
    if count < STRIDES_MIN:
        return Gate(
            "strides",
            Verdict.FAIL,
            f"Only {count} whole strides are in the clip; at least {STRIDES_MIN} are needed. {how}",
            refuses=True,
        )
    if count < STRIDES_GOOD:
        return Gate(
            "strides",
            Verdict.WARN,
            f"Only {count} whole strides: the numbers are less sure. {how}",
        )
    return Gate("strides", Verdict.OK, f"{count} whole strides.")


def check_passing(travel: Pass | None) -> Gate:
    """A runner who passes by is measured too, in the few strides that the picture holds."""
    if travel is None:
        return Gate("passing", Verdict.OK, "The runner stays in one place, as on a treadmill.")
    return Gate("passing", Verdict.OK, "The runner passes by; the way through the picture was taken out.")


def check_even(steps: Steps) -> Gate:
    """No steady change of the stride's duration beyond what its own scatter allows."""
    trend, error = compute_trend(steps)
    if abs(trend) - 2 * error <= TREND_PER_10_S:
        return Gate("speed_change", Verdict.OK, "The steps keep an even rhythm.")
    what = "slower" if trend > 0 else "faster"
    return Gate(
        "speed_change",
        Verdict.WARN,
        f"The steps get {what} by {100 * abs(trend):.0f} % in ten seconds: the speed was not steady, and a number "
        "can only be a mean of several speeds. Let the belt settle before you film.",
    )


def check_forwards(view: View, cleaned: Landmarks, strides: Strides, travel: Pass | None = None) -> Gate:
    """The clip plays forwards and the runner runs forwards: a raised foot swings ahead, and a pass goes where the face
    points.
    """
    if travel is not None and view.name is ViewName.SIDE:
        backwards = travel.px_s[0] * view.travel_sign < 0
    else:
        backwards = _is_backwards(view, cleaned, strides)
    if not backwards:
        return Gate("forwards", Verdict.OK, "The runner runs forwards.")
    return Gate(
        "forwards",
        Verdict.FAIL,
        "The feet move the wrong way round: the clip plays in reverse, or the runner goes backwards. "
        "Nothing was measured. Send the clip as it was filmed, running forwards.",
        refuses=True,
    )


def check_hands(raw: Landmarks, view: ViewName) -> Gate:
    """Both hands swing freely: a hand on the handrail stands still in the picture while the body bounces."""
    held = _held(raw, HELD_TRUNKS)
    if not held and view is ViewName.REAR:
        hidden = _held(raw, HELD_HIDDEN_TRUNKS)
        held = hidden if len(hidden) == len(WRISTS) else {}
    if not held:
        return Gate("hands", Verdict.OK, "Both hands swing freely.")
    return Gate(
        "hands",
        Verdict.WARN,
        f"The {' and '.join(held)} {'hands hold' if len(held) > 1 else 'hand holds'} on to something. That changes "
        "how arms and shoulders move, so these are not measured. "
        "Run without the handrail, slower if need be.",
        min(held.values()),
        costs=ARMS + TURNS,
    )


def check_sides(exchanged: float) -> Gate:
    """Left and right are told apart: of legs that the tracker exchanges often, it exchanges the far arm, too."""
    if exchanged <= EXCHANGED_MAX:
        return Gate("sides", Verdict.OK, "Left and right can be told apart.")
    return Gate(
        "sides",
        Verdict.WARN,
        f"In {exchanged:.0%} of the pictures the two legs were taken for each other, so where the shoulders point is "
        "not measured. Film in good light, in shorts rather than dark tights.",
        costs=("shoulder_facing",),
        doubts=("thorax_rotation_rom",),
    )


def compute_wander(cleaned: Landmarks) -> float:
    """How far the hips move to and fro, trunk lengths: the larger of across and up, 5th to 95th percentile."""
    hips = geo.hip_mid(cleaned.xy_px)
    trunk = geo.median(geo.length(geo.shoulder_mid(cleaned.xy_px) - hips))
    return float(np.nanmax(np.nanpercentile(hips, 95, axis=0) - np.nanpercentile(hips, 5, axis=0))) / trunk


def compute_trend(steps: Steps) -> tuple[float, float]:
    """Change of the stride's duration per 10 s, as a share of it, and its standard error; (0, inf) for too few."""
    strides = steps.strides_s
    if len(strides) < 2 * STRIDES_MIN:
        return 0.0, np.inf
    shares, when = strides / np.median(strides), steps.t_s[1:-1] - np.mean(steps.t_s[1:-1])
    slope = float(np.sum(when * shares) / np.sum(when**2))
    scatter = float(np.std(shares - slope * when))
    # Successive strides share a step, so they count for half.
    return 10 * slope, 10 * scatter * float(np.sqrt(2 / np.sum(when**2)))


def _other_time(rhythm: Rhythm, steps: Steps) -> bool:
    """Whether the body bounces twice or half as often as the legs step."""
    if len(steps.strides_s) < STRIDES_MIN:
        return False
    return bool(abs(np.log(rhythm.cadence_spm * float(np.median(steps.strides_s)) / 120.0)) > SAME_TIME)


def _is_backwards(view: View, cleaned: Landmarks, strides: Strides) -> bool:
    """Seen from the side only: in the other views the foot's height in the picture depends more on the camera's.

    (Truth clips projected from 0.4 to 1.6 m height: the same phase takes every value.)
    """
    if view.name is not ViewName.SIDE or view.confidence < FACING_SURE:
        return False
    apart, hz = cleaned.xy_px[:, lm.LEFT_ANKLE] - cleaned.xy_px[:, lm.RIGHT_ANKLE], 1.0 / strides.period_s
    place, height = (_wave(apart[:, axis], cleaned.t_s, hz) for axis in (0, 1))
    return BACKWARDS_DEG[0] < _lead_deg(view.travel_sign * place, height) < BACKWARDS_DEG[1]


def _wave(series: Floats, t_s: Floats, hz: float) -> complex:
    """Amplitude and phase of a series at one frequency."""
    good = np.isfinite(series)
    if good.mean() < 0.5:
        return complex(np.nan, np.nan)
    fit, *_ = np.linalg.lstsq(geo.harmonics(t_s[good], hz, (1,)), series[good], rcond=None)
    return complex(fit[1], -fit[2])


def _lead_deg(a: complex, b: complex) -> float:
    return float(np.degrees(np.angle(a / b))) if abs(b) > 0 else float("nan")


def _held(raw: Landmarks, least_trunks: float) -> dict[str, float]:
    """The hands that stand still, and from when on, seconds: for two of them, and for a quarter of the clip."""
    trunk = geo.median(geo.length(geo.shoulder_mid(raw.xy_px) - geo.hip_mid(raw.xy_px)))
    starts = np.arange(raw.t_s[0], raw.t_s[-1] - HELD_WINDOW_S + 1e-9, HELD_WINDOW_S / 2)
    out = {}
    for name, wrist in WRISTS.items():
        still = [
            float(np.linalg.norm(np.nanstd(raw.xy_px[(raw.t_s >= t) & (raw.t_s < t + HELD_WINDOW_S), wrist], axis=0)))
            < least_trunks * trunk
            for t in starts
        ]
        if still and np.mean(still) >= HELD_SHARE:
            out[name] = float(starts[int(np.argmax(still))])
    return out
