"""The direction of travel against the line of sight: from drawn lines, the runner's own track, or the deck's edges."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis import geometry as geo
from analysis import landmarks as lm
from analysis.direction import DeckLine, Heading
from analysis.heading.camera import FOCAL, Camera, Known
from analysis.heading.solve import Lines, find_agreeing, fit_camera, lines_between
from analysis.types import Bools, Floats, Landmarks, Profile, Scene, View, ViewName

# What people do when nothing says otherwise (engineering defaults): how level they hold a phone, and how steep a belt
# is whose incline was not told.
LEVEL_SD_DEG = 1.5
SEARCHED_SD_DEG = 15.0
INCLINE_TOLD_SD_DEG, INCLINE_SD_DEG = 0.3, 0.6
# The camera is no perfect pinhole, and a deck is put up by eye: what is left when the lines are perfect.
FLOOR_SD_DEG = 0.5
# A person draws an edge by so many shares of the longer side at either end.
DRAWN_SD = 0.002
# Edges near the feet, in standing heights: from above and below them, to either side, and at least so long together.
ABOVE, BELOW, ASIDE, TOGETHER = 0.20, 0.30, 0.50, 0.60
FLAT_DEG, STEEP_DEG = 30.0, 20.0
# Of the edges near the feet so many, by length, run along the travel; fewer, and it is not clear which do.
AGREE_SHARE = 0.5
# As near to the direction of a drawn line as a hand is steady.
ALONG_DEG = 1.0
# The shoulders of a runner are never turned so far off.
BODY_DEG = 25.0
# The shoulders over the middle of the trunk, standing heights.
SHOULDERS_UP = 0.14
SQUARE_AZIMUTH_DEG = {ViewName.REAR: 0.0, ViewName.FRONT: 180.0, ViewName.SIDE: 90.0}


@dataclass(frozen=True)
class Runner:
    """Where the runner is, in shares of the longer side from the picture's middle, y up: ``middle`` [2] of the trunk,
    ``feet_y`` of the ground under the feet, standing ``height``; ``metre`` a metre at the runner's distance.
    """

    middle: Floats
    feet_y: float
    height: float
    metre: float


def find_runner(landmarks: Landmarks, stature_px: float, stature_m: float) -> Runner:
    """Where the runner of landmarks as found is."""
    longer = max(landmarks.width_px, landmarks.height_px)
    half = np.array([landmarks.width_px, landmarks.height_px]) / 2
    trunk = (geo.shoulder_mid(landmarks.xy_px) + geo.hip_mid(landmarks.xy_px)) / 2
    soles = landmarks.xy_px[:, [lm.LEFT_HEEL, lm.RIGHT_HEEL, lm.LEFT_FOOT_INDEX, lm.RIGHT_FOOT_INDEX], 1]
    ground = float(np.nanpercentile(soles, 5))
    return Runner(
        np.asarray((np.nanmean(trunk, axis=0) - half) / longer),
        (ground - half[1]) / longer,
        stature_px / longer,
        stature_px / stature_m / longer,
    )


def know(runner: Runner, view: View, scene: Scene | None, profile: Profile, shape: tuple[int, int]) -> Known:
    """What tells of the camera beside lines; ``shape`` is the picture's width and height."""
    square = np.radians(SQUARE_AZIMUTH_DEG[view.name] * (view.travel_sign if view.name is ViewName.SIDE else 1))
    sight = float(np.arctan(runner.middle[0] / FOCAL))
    roll, converging = (0.0, np.radians(LEVEL_SD_DEG)), (float("nan"), 1.0)
    if scene is not None and np.isfinite(scene.roll_deg):
        roll = (float(np.radians(scene.roll_deg)), float(np.radians(scene.roll_se_deg)))
    if scene is not None and np.isfinite(scene.roll_deg) and view.name is ViewName.SIDE:
        # From behind and in front the rails of a deck are steep, too, and pass for uprights.
        width = shape[0] / max(shape)
        converging = (
            float(np.radians(scene.converging_deg)) / width,
            float(np.radians(scene.converging_se_deg)) / width,
        )
    told = profile.incline_pct is not None or profile.surface == "ground"
    incline = np.arctan((profile.incline_pct or 0.0) / 100)
    return Known(
        (float(square) + sight, float(np.radians(SEARCHED_SD_DEG))),
        roll,
        (float(incline), float(np.radians(INCLINE_TOLD_SD_DEG if told else INCLINE_SD_DEG))),
        converging,
        runner.feet_y,
        runner.metre,
    )


def read_drawn(drawn: Sequence[DeckLine], shape: tuple[int, int]) -> Lines:
    """Lines that a person drew."""
    half, longer = np.array([*shape, *shape]) / 2, max(shape)
    ends = (np.array([[*line.one, *line.other] for line in drawn]).reshape(-1, 4) - half) / longer
    return lines_between(ends, DRAWN_SD)


def find_deck(lines: Lines, runner: Runner, view: View, known: Known) -> Lines | None:
    """The edges of the belt or deck among the scene's; None when they are too few or not clear."""
    near = lines.some(_near_feet(lines, runner, view))
    if float(near.length.sum()) < TOGETHER * runner.height:
        return None
    deck = near.some(find_agreeing(near, known))
    share = float(deck.length.sum() / near.length.sum())
    return deck if len(deck) >= 2 and share >= AGREE_SHARE else None


def find_along(lines: Lines, drawn: Lines, runner: Runner, view: View, known: Known) -> Lines:
    """The edges of the scene that run along with drawn ones: they see the same direction more sharply."""
    near = lines.some(_near_feet(lines, runner, view))
    return near.some(np.abs(near.away(fit_camera(drawn, known)[0])) < np.radians(ALONG_DEG))


def _near_feet(lines: Lines, runner: Runner, view: View) -> Bools:
    """Which edges may be the deck's by their place and direction."""
    up = lines.middle[:, 1] - runner.feet_y
    half = lines.length / 2 * np.abs(np.cos(lines.slope))
    aside = np.abs(lines.middle[:, 0] - runner.middle[0]) - half
    tilt = np.degrees(np.abs((lines.slope + np.pi / 2) % np.pi - np.pi / 2))
    way = tilt < FLAT_DEG if view.name is ViewName.SIDE else tilt > STEEP_DEG
    below = BELOW if view.name is ViewName.SIDE else np.inf
    return np.asarray(
        (up < ABOVE * runner.height) & (up > -below * runner.height) & (aside < ASIDE * runner.height) & way
    )


def read_heading(lines: Lines, runner: Runner, view: View, known: Known, source: str) -> Heading:
    """The heading that lines along the travel tell."""
    camera, covariance = fit_camera(lines, known)

    def turn(one: Camera) -> float:
        return _turn_deg(one, runner, view)

    def rise(one: Camera) -> float:
        return _rise_deg(one, runner)

    # The line of sight is as sure as the focal length; a wrong one turns travel and sight together or apart.
    return Heading(
        turn(camera),
        float(np.hypot(_error(turn, camera, covariance), FLOOR_SD_DEG)),
        source,
        rise_deg=rise(camera),
        rise_sd_deg=_error(rise, camera, covariance),
    )


def _turn_deg(camera: Camera, runner: Runner, view: View) -> float:
    square = SQUARE_AZIMUTH_DEG[view.name] * (view.travel_sign if view.name is ViewName.SIDE else 1)
    seen = np.degrees(camera.azimuth - camera.sight_azimuth(runner.middle)) - square
    return float(-((seen + 90) % 180 - 90))


def _rise_deg(camera: Camera, runner: Runner) -> float:
    """How far the line of sight to the shoulders rises over the level."""
    shoulders = runner.middle + np.array([0.0, SHOULDERS_UP * runner.height])
    x, y, z = camera.levelled(np.array([*shoulders, camera.focal]))
    return float(np.degrees(np.arctan2(y, np.hypot(x, z))))


def _error(value: Callable[[Camera], float], camera: Camera, covariance: Floats) -> float:
    """Standard error of what is read off a camera."""
    at, step = np.array(camera), 1e-6
    slope = np.array([(value(Camera(*(at + step * one).tolist())) - value(camera)) / step for one in np.eye(len(at))])
    return float(np.sqrt(slope @ covariance @ slope))
