"""A runner made of formulas: 33 landmarks whose every angle, distance and moment is known, in any view at any rate.

Metres, X = direction of travel, Y = up, Z = the runner's right; flat projection, so that nothing but the measuring is
tested.  Right mid-stance is at every whole stride, left half a stride later.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from analysis import landmarks as lm
from analysis.types import Floats, Landmarks, Side, ViewName

WIDTH_PX, HEIGHT_PX = 1280, 720
GROUND_PX = 80.0
HALF_HIPS, HALF_SHOULDERS, HALF_EARS = 0.09, 0.18, 0.075
THIGH, SHANK, FOOT = 0.44, 0.43, 0.20
ANKLE_AHEAD, ANKLE_UP = 0.05, 0.08
HIP_HEIGHT = 0.90
# The foot swings back at this share of the belt's speed when it lands: its furthest reach lies about 25 ms before.
LANDING_SHARE = 0.33


@dataclass(frozen=True)
class Motion:
    """What the runner does; degrees, metres, seconds.  ``..._rom`` is peak to peak over the stride."""

    cadence_spm: float = 170.0
    speed_mps: float = 3.0
    contact_s: float = 0.24
    reach_m: float = 0.20
    landing_deg: float = 15.0
    step_width_m: float = 0.06
    bounce_m: float = 0.08
    sway_rom_m: float = 0.03
    forward_lean: float = 8.0
    forward_lean_rom: float = 5.0
    lateral_lean: float = 0.0
    lateral_lean_rom: float = 5.0
    shoulder_tilt: float = 0.0
    shoulder_tilt_rom: float = 6.0
    thorax_rotation_rom: float = 28.0
    trunk_m: float = 0.50
    ear_ahead_m: float = 0.04
    head_pitch: float = 0.0
    head_pitch_rom: float = 5.0
    wrist_out_m: float = 0.16
    wrist_swing_m: float = 0.06
    drift_mps: float = 0.0

    @property
    def period_s(self) -> float:
        """One stride."""
        return 120.0 / self.cadence_spm


def make_runner(
    view: ViewName = ViewName.SIDE,
    fps: float = 60.0,
    seconds: float = 7.0,
    *,
    facing: Side = Side.RIGHT,
    px_per_m: float = 300.0,
    jitter_px: float = 0.0,
    seed: int = 0,
    **motion: float,
) -> Landmarks:
    """Landmarks of the runner; ``motion`` are fields of `Motion`, ``jitter_px`` noise of every point and frame."""
    does = Motion(**motion)
    t_s = np.arange(0.0, seconds, 1.0 / fps)
    body = body_m(does, t_s)
    camera = _to_camera(body, view, facing)
    middle = np.array([WIDTH_PX / 2 / px_per_m, GROUND_PX / px_per_m])
    xy = (camera[:, :, :2] + middle) * px_per_m
    xy = xy + np.random.default_rng(seed).normal(0.0, jitter_px or 1e-9, xy.shape)
    hips = (camera[:, [lm.LEFT_HIP]] + camera[:, [lm.RIGHT_HIP]]) / 2
    visibility = np.full((len(t_s), lm.COUNT), 0.99)
    return Landmarks(xy, camera - hips, visibility, t_s, WIDTH_PX, HEIGHT_PX)


def body_m(does: Motion, t_s: Floats) -> Floats:
    """All landmarks in the runner's axes, [n, 33, 3] metres."""
    turn = 2 * np.pi * t_s / does.period_s
    hips = np.column_stack(
        [does.drift_mps * t_s, HIP_HEIGHT - does.bounce_m / 2 * np.cos(2 * turn), does.sway_rom_m / 2 * np.sin(turn)]
    )
    body = np.zeros((len(t_s), lm.COUNT, 3))
    _trunk_and_head(body, hips, turn, does)
    for side in Side:
        _arm(body, side, turn, does)
        _leg(body, side, hips, t_s, does)
    return body


def _wave(mean: float, rom: float, turn: Floats) -> Floats:
    return np.asarray(mean + rom / 2 * np.sin(turn))


def _sideways(length: float) -> Floats:
    return np.array([0.0, 0.0, length])


def _trunk_and_head(body: Floats, hips: Floats, turn: Floats, does: Motion) -> None:
    ahead = np.radians(_wave(does.forward_lean, does.forward_lean_rom, 2 * turn))
    right = np.radians(_wave(does.lateral_lean, does.lateral_lean_rom, turn))
    shoulders = hips + does.trunk_m * np.column_stack([np.tan(ahead), np.ones(len(turn)), np.tan(right)])
    yaw = np.radians(_wave(0.0, does.thorax_rotation_rom, turn))
    tilt = np.radians(_wave(does.shoulder_tilt, does.shoulder_tilt_rom, turn))
    line = HALF_SHOULDERS * np.column_stack([np.sin(yaw), np.tan(tilt) * np.cos(yaw), np.cos(yaw)])
    ears = shoulders + np.array([does.ear_ahead_m, 0.22, 0.0])
    pitch = np.radians(_wave(does.head_pitch, does.head_pitch_rom, 2 * turn))
    gaze = np.column_stack([np.cos(pitch), np.sin(pitch), np.zeros(len(turn))])
    body[:, : lm.LEFT_EAR] = (ears + 0.09 * gaze)[:, None]
    body[:, lm.MOUTH_LEFT] = body[:, lm.MOUTH_RIGHT] = ears + 0.08 * gaze - np.array([0.0, 0.06, 0.0])
    body[:, lm.NOSE] = ears + 0.11 * gaze
    body[:, lm.LEFT_EAR], body[:, lm.RIGHT_EAR] = ears - _sideways(HALF_EARS), ears + _sideways(HALF_EARS)
    body[:, lm.LEFT_SHOULDER], body[:, lm.RIGHT_SHOULDER] = shoulders - line, shoulders + line
    body[:, lm.LEFT_HIP], body[:, lm.RIGHT_HIP] = hips - _sideways(HALF_HIPS), hips + _sideways(HALF_HIPS)


def _arm(body: Floats, side: Side, turn: Floats, does: Motion) -> None:
    out, first = (1.0, lm.RIGHT_SHOULDER) if side is Side.RIGHT else (-1.0, lm.LEFT_SHOULDER)
    middle = (body[:, lm.LEFT_SHOULDER] + body[:, lm.RIGHT_SHOULDER]) / 2
    swing = np.sin(turn) * out
    body[:, first + 2] = body[:, first] + np.column_stack(
        [-0.08 + 0.08 * swing, 0 * turn - 0.28, 0 * turn + 0.04 * out]
    )
    aside = out * (does.wrist_out_m - does.wrist_swing_m * swing)
    wrist = middle + np.column_stack([0.10 + 0.15 * swing, -0.25 + 0.05 * swing, aside])
    body[:, [first + 4, first + 6, first + 8, first + 10]] = wrist[:, None]


def _leg(body: Floats, side: Side, hips: Floats, t_s: Floats, does: Motion) -> None:
    points = lm.RIGHT_LEG if side is Side.RIGHT else lm.LEFT_LEG
    aside = 0.5 if side is Side.RIGHT else -0.5
    phase = t_s / does.period_s - (0.0 if side is Side.RIGHT else 0.5)
    since_strike = ((phase * does.period_s + does.contact_s / 2) % does.period_s)[:, None]
    heel, toe, ankle = _foot(since_strike[:, 0], does)
    place = np.column_stack([hips[:, 0], np.zeros(len(t_s)), np.full(len(t_s), aside * does.step_width_m)])
    hip = body[:, points[0]]
    ankle = ankle + place
    body[:, points[1]] = _knee(hip, ankle)
    body[:, points[2]], body[:, points[3]], body[:, points[4]] = ankle, heel + place, toe + place


def _foot(since: Floats, does: Motion) -> tuple[Floats, Floats, Floats]:
    """Heel, toe and ankle against the mid-hip, ``since`` seconds after the strike: heel ahead by ``reach_m`` at 0."""
    swing = np.clip((since - does.contact_s) / (does.period_s - does.contact_s), 0.0, 1.0)
    stance = since < does.contact_s
    pitch = np.radians(_foot_deg(since, does))
    flat_x = np.where(stance, does.reach_m - does.speed_mps * since, _swing_x(swing, does))
    lift = np.where(stance, 0.0, 0.16 * np.sin(np.pi * swing))
    nothing = np.zeros(len(since))
    heel_up, toe_up = FOOT * np.maximum(-np.sin(pitch), 0.0), FOOT * np.maximum(np.sin(pitch), 0.0)
    # Toe up turns about the heel, heel up about the toe.
    heel_x = flat_x + np.where(pitch < 0, FOOT * (1 - np.cos(pitch)), 0.0)
    heel = np.column_stack([heel_x, heel_up + lift, nothing])
    toe = np.column_stack([heel_x + FOOT * np.cos(pitch), toe_up + lift, nothing])
    up = np.column_stack([-np.sin(pitch), np.cos(pitch), nothing])
    along = np.column_stack([np.cos(pitch), np.sin(pitch), nothing])
    return heel, toe, heel + ANKLE_AHEAD * along + ANKLE_UP * up


def _foot_deg(since: Floats, does: Motion) -> Floats:
    """The foot's angle: lands toe up, flat in mid-stance, rolls off over the toe."""
    contact, period = does.contact_s, does.period_s
    swing = period - contact
    moments = [0.0, 0.3 * contact, 0.6 * contact, contact, contact + 0.3 * swing, contact + 0.8 * swing, period]
    angles = [does.landing_deg, 0.0, 0.0, -45.0, -70.0, does.landing_deg, does.landing_deg]
    return np.asarray(PchipInterpolator(moments, angles)(since))


def _swing_x(share: Floats, does: Motion) -> Floats:
    """From toe-off to strike, a cubic that leaves with the belt and lands a little slower than it."""
    seconds = does.period_s - does.contact_s
    start, end = does.reach_m - does.speed_mps * does.contact_s, does.reach_m
    s = share
    return np.asarray(
        (2 * s**3 - 3 * s**2 + 1) * start
        + (s**3 - 2 * s**2 + s) * seconds * -does.speed_mps
        + (3 * s**2 - 2 * s**3) * end
        + (s**3 - s**2) * seconds * -LANDING_SHARE * does.speed_mps
    )


def _knee(hip: Floats, ankle: Floats) -> Floats:
    """Where thigh and shank meet, bent forwards, in the plane of travel."""
    line = (ankle - hip)[:, :2]
    far = np.clip(np.linalg.norm(line, axis=1), 1e-6, 0.999 * (THIGH + SHANK))
    along = (far**2 + THIGH**2 - SHANK**2) / (2 * far)
    out = np.sqrt(np.maximum(THIGH**2 - along**2, 0.0))
    unit = line / np.linalg.norm(line, axis=1)[:, None]
    forward = np.column_stack([-unit[:, 1], unit[:, 0]])
    knee = hip[:, :2] + unit * along[:, None] + forward * out[:, None]
    return np.column_stack([knee, (hip[:, 2] + ankle[:, 2]) / 2])


def _to_camera(body: Floats, view: ViewName, facing: Side) -> Floats:
    """x to the right in the picture, y up, z away from the camera."""
    ahead, up, right = body[:, :, 0], body[:, :, 1], body[:, :, 2]
    if view is ViewName.REAR:
        return np.stack([right, up, ahead], axis=-1)
    if view is ViewName.FRONT:
        return np.stack([-right, up, -ahead], axis=-1)
    sign = 1.0 if facing is Side.RIGHT else -1.0
    return np.stack([sign * ahead, up, -sign * right], axis=-1)
