"""In which direction the runner runs, seen from the camera (docs/adr/0009)."""

from collections.abc import Sequence

import numpy as np

from analysis.direction import SQUARE_SD_DEG, DeckLine, Heading
from analysis.heading.find import (
    BODY_DEG,
    find_along,
    find_deck,
    find_runner,
    know,
    read_drawn,
    read_heading,
)
from analysis.heading.solve import Lines, joined, lines_between
from analysis.heading.track import read_track
from analysis.types import Landmarks, Profile, Scene, View, ViewName

__all__ = ["Lines", "find_heading", "read_track"]

# Usual height of runners, metres: only for the height of the lens.
STATURE_M = 1.71


def find_heading(
    landmarks: Landmarks,
    view: View,
    profile: Profile,
    scene: Scene | None = None,
    *,
    stature_px: float | None,
    body_deg: float,
    drawn: Sequence[DeckLine] = (),
    track: Lines | None = None,
) -> Heading:
    """The direction of travel against the line of sight, by the best of what shows it.

    Parameters
    ----------
    landmarks
        As found, as they lie in the picture.
    view, profile, scene
        Of the same clip; the incline is asked of the profile.
    stature_px
        Standing height in pixels (`scale.compute_stature_px`).
    body_deg
        How far the shoulders are turned off the square view (`view.obliqueness_deg`): no belt lies far from that.
    drawn
        Lines that a person drew along the deck: they go before all others.
    track
        Of a runner who passes by (`read_track`).

    Returns
    -------
    Heading
        ``source`` none when nothing shows it.
    """
    nothing = guess(view, body_deg)
    if stature_px is None:
        return nothing
    shape = (landmarks.width_px, landmarks.height_px)
    runner = find_runner(landmarks, stature_px, (profile.height_cm or 100 * STATURE_M) / 100)
    known = know(runner, view, scene, profile, shape)
    if drawn:
        lines = read_drawn(drawn, shape)
        if scene is not None:
            lines = joined(lines, find_along(lines_between(scene.lines), lines, runner, view, known))
        found = read_heading(lines, runner, view, known, "line")
        return found.by(", ".join(sorted({line.marked_by for line in drawn})))
    if track is not None and len(track):
        return read_heading(track, runner, view, known, "track")
    if scene is None or profile.surface == "ground":
        return nothing
    deck = find_deck(lines_between(scene.lines), runner, view, known)
    if deck is None:
        return nothing
    found = read_heading(deck, runner, view, known, "deck")
    return found if abs(found.turn_deg - body_deg) < BODY_DEG else nothing


def guess(view: View, body_deg: float) -> Heading:
    """What is left when nothing shows the direction: the body, which from the side shows most of a turn, and how square
    people put a phone.
    """
    if view.name is ViewName.SIDE:
        return Heading(body_deg, float(np.hypot(SQUARE_SD_DEG, 0.3 * body_deg)), "none")
    return Heading(0.0, float(np.hypot(SQUARE_SD_DEG, body_deg)), "none")
