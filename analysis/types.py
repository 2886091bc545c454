"""What flows between the steps: frozen, with shapes, units and axes.

Image frame here and everywhere above the adapters: pixels of the upright full frame, x to the right,
**y up** from the bottom edge.  The adapters (video, pose, pixels, drawing) turn it over, once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.direction import UNSEEN, Heading

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class ViewName(StrEnum):
    """From where the runner is filmed."""

    SIDE = "side"
    REAR = "rear"
    FRONT = "front"


class Side(StrEnum):
    """The runner's own left and right."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Sex(StrEnum):
    """For the bands that differ by sex."""

    FEMALE = "female"
    MALE = "male"


class Activity(StrEnum):
    """What the person in the clip does."""

    RUNNING = "running"
    WALKING = "walking"
    STANDING = "standing"
    OTHER = "other"


@dataclass(frozen=True)
class Profile:
    """What the uploader said of the runner and the occasion; None = not said.

    ``speed_mps`` belt or ground speed, m/s; ``height_cm`` standing height; ``incline_pct`` treadmill incline;
    ``surface`` treadmill or ground; ``kind`` running or standing; ``view`` overrules the detected view;
    ``tape`` names the colour of the tape dots.
    """

    speed_mps: float | None = None
    height_cm: float | None = None
    sex: Sex | None = None
    incline_pct: float | None = None
    surface: str = "treadmill"
    kind: str = "running"
    view: ViewName | None = None
    tape: str | None = None


@dataclass(frozen=True)
class ClipFacts:
    """The clip as it was decoded.  ``width_px``/``height_px`` are of the upright frame; ``rotation_deg`` is the
    display rotation that was applied (counter-clockwise); ``fps`` is 1 / median frame interval in media time;
    ``capture_fps`` is the rate at which the phone says it filmed slow motion; ``frames_lost`` would not decode.
    """

    fps: float
    n_frames: int
    width_px: int
    height_px: int
    seconds: float
    rotation_deg: int
    codec: str
    variable_frame_rate: bool
    slow_motion_factor: float = 1.0
    capture_fps: float | None = None
    frames_lost: int = 0


@dataclass(frozen=True)
class Landmarks:
    """The runner's landmarks, one row a frame; NaN where no person was found.

    ``xy_px`` [n, 33, 2] pixels, y up.  ``world_m`` [n, 33, 3] metres about the hip centre: x right in the image,
    y up, z away from the camera (BlazePose's own estimate).  ``visibility`` [n, 33] 0..1.  ``t_s`` [n] media time
    in seconds, from 0, strictly rising.
    """

    xy_px: Floats
    world_m: Floats
    visibility: Floats
    t_s: Floats
    width_px: int
    height_px: int

    def __len__(self) -> int:
        return len(self.t_s)


@dataclass(frozen=True)
class Others:
    """Who else is in the picture, looked for in a few frames spread over the clip.

    ``t_s`` [m] media time of those frames; ``boxes`` one array [k, 4] a frame: x0, y0, x1, y1 in pixels, y up;
    ``runner`` [m, 4] the runner's own box at the same moments, NaN where not found.  ``points`` and ``runner_points``
    are their landmarks, [k, 33, 2] a frame and [m, 33, 2].
    """

    t_s: Floats
    boxes: tuple[Floats, ...]
    runner: Floats
    points: tuple[Floats, ...] = ()
    runner_points: Floats = field(default_factory=lambda: np.empty((0, 33, 2)))


@dataclass(frozen=True)
class Scene:
    """What the pixels say of the filming, apart from the runner's landmarks.

    ``luma`` mean brightness of the runner's box, 0..255; ``sharpness`` 0 (smeared) .. 1 (crisp edges) of the same box.
    ``cuts_s`` moments at which the whole picture changes.  ``doubled`` [n] True for pictures that only repeat the one
    before, one per row of `Landmarks`.  ``shake`` the camera's to and fro and ``pan`` its steady travel, shares of the
    picture's width; ``turn_deg`` its change of roll; NaN when the background shows too little.  ``roll_deg`` how far
    the picture is turned, + = clockwise turn of the picture makes it upright, with its standard error; NaN unknown.
    ``converging_deg`` how much more uprights lean to the right over the picture's width, with its own.  ``lines``
    straight edges of the scene (`analysis.scene.lines`).
    """

    luma: float
    sharpness: float
    cuts_s: tuple[float, ...]
    doubled: Bools
    shake: float
    pan: float
    turn_deg: float
    roll_deg: float
    roll_se_deg: float
    converging_deg: float = float("nan")
    converging_se_deg: float = float("nan")
    lines: Floats = field(default_factory=lambda: np.empty((0, 4)))


@dataclass(frozen=True)
class View:
    """The view and where the runner faces.  ``facing`` is the side of the upright image that the runner faces
    (side view only); ``confidence`` 0..1.
    """

    name: ViewName
    facing: Side | None
    confidence: float

    @property
    def travel_sign(self) -> int:
        """+1 when the runner faces image right, -1 when left (side view)."""
        return -1 if self.facing is Side.LEFT else 1

    @property
    def near(self) -> Side:
        """The side of the body nearer to the camera in the side view: the right one of a runner who faces right."""
        return self.facing or Side.RIGHT

    @property
    def right_sign(self) -> int:
        """+1 when the runner's right is image right (rear view), -1 when image left (front view)."""
        return -1 if self.name is ViewName.FRONT else 1


class Estimate(NamedTuple):
    """A number and its standard error, from the scatter between strides."""

    value: float
    se: float


@dataclass(frozen=True)
class Step:
    """One foot's mean step, seen from the side.

    ``contact_s`` seconds on the ground.  At foot strike: ``heel_ahead`` of mid-hip in leg lengths (thigh + shank),
    ``knee_flexion_deg`` (0 = straight), ``foot_angle_deg`` against the same foot flat on the ground at mid-stance, + =
    toe up.  ``apart_s`` how far two readings of the toe-off lie apart; ``strides`` that went into it;
    ``near`` True for the leg nearer to the camera.
    """

    contact_s: Estimate
    heel_ahead: Estimate
    knee_flexion_deg: Estimate
    foot_angle_deg: Estimate
    apart_s: float
    strides: int
    near: bool


@dataclass(frozen=True)
class Strides:
    """The gait cycle.  All times in seconds of media time.

    ``period_s`` stride period; ``cuts_s`` [k, 2] start and end of every kept stride, right foot strike to right
    foot strike; ``foot_strike``/``toe_off``/``mid_stance`` times per side, empty where the view cannot see them;
    ``found`` how many strides there were before quality control; ``steps`` of the legs that show theirs (side view).
    """

    period_s: float
    cuts_s: Floats
    foot_strike: Mapping[Side, Floats]
    toe_off: Mapping[Side, Floats]
    mid_stance: Mapping[Side, Floats]
    found: int
    cadence_spm: float
    cadence_se_spm: float
    steps: Mapping[Side, Step] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.cuts_s)


@dataclass(frozen=True)
class Scale:
    """Pixels per metre at the runner, its relative error (1 SD), and where it comes from: height, gravity or none."""

    px_per_m: float | None
    relative_sd: float
    source: str


@dataclass(frozen=True)
class TapeTrack:
    """Tape dots on a belt, followed through the clip; every array has one row per row of `Landmarks`.

    ``obliquity_deg`` [n] (rear and front, two dots) tilt of the belt in the picture, + = runner's right side up;
    ``yaw_deg`` [n] (side, three dots) rotation of the pelvis, + = turned to the runner's left; NaN where the dots were
    not all seen.  Both carry the constant error of dots that sit unevenly: only what varies within the stride counts.
    ``dots_px`` [n, dots, 2] centres in pixels, y up, from image left to image right.  ``seen_share`` share of the
    frames with a person in which all dots were seen; ``colour`` plain word; ``reason`` text for people when
    ``found`` is False.
    """

    found: bool
    colour: str | None
    n_dots: int
    seen_share: float
    obliquity_deg: Floats
    yaw_deg: Floats
    dots_px: Floats
    reason: str | None = None


@dataclass(frozen=True)
class Mark:
    """A line that a person drew on a mid-stance frame.

    ``side`` the standing leg; ``line`` waist or shoulders; ``left``/``right`` its ends at the runner's own left and
    right, pixels of the upright full frame, y up.
    """

    t_s: float
    side: Side
    line: str
    left: tuple[float, float]
    right: tuple[float, float]
    marked_by: str


@dataclass(frozen=True)
class Evidence:
    """Everything that a metric may look at.  ``waveforms`` maps a name to a per-frame array [n] on the
    resampled clock ``t_s`` [n]; ``visible`` maps a body part to the share of frames in which it was seen and
    inside the picture.
    """

    facts: ClipFacts
    profile: Profile
    view: View
    strides: Strides
    scale: Scale
    t_s: Floats
    waveforms: Mapping[str, Floats]
    visible: Mapping[str, float]
    notes: Mapping[str, Any] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    heading: Heading = UNSEEN
