"""The person whom somebody pointed at."""

import numpy as np

from analysis import geometry as geo
from analysis.errors import AnalysisError
from analysis.pose import Person, Region, people_in
from analysis.runner import ROOM, SAME_PLACE_TRUNKS, around
from analysis.types import Floats, Landmarks
from analysis.video import Clip

# Looked for in so many pictures; a finger may miss a body by so much of its height.
POINTED_SAMPLES, FINGER = 6, 0.15


def find_pointed(
    clip: Clip, window: tuple[float, float] | None, at: tuple[float, float, float], room: float = ROOM
) -> Region:
    """Where the person is whom somebody pointed at, in this frame and at the same place in others.

    Parameters
    ----------
    clip, window
        The clip, and the stretch that is looked at (media time; None = all of it).
    at
        Media time, x, y in pixels (y down).
    room
        Room about the person, as a share of the height.

    Returns
    -------
    tuple
        x0, y0, x1, y1 as shares of the picture, y down.

    Raises
    ------
    AnalysisError
        ``runner`` when nobody is there.
    """
    width_px, height_px = clip.facts.width_px, clip.facts.height_px
    here = int(np.argmin(np.abs(clip.t_s - at[0])))
    picked = clip.wanted(window, None)
    spread = picked[np.linspace(0, len(picked) - 1, POINTED_SAMPLES).round().astype(int)]
    crowds = people_in(clip, [here, *spread.tolist()])
    finger = np.array([at[1], height_px - at[2]])
    first = next((person for person in _by_distance(crowds.pop(here), finger) if _touched(person, finger)), None)
    if first is None:
        raise AnalysisError("runner", "Nobody was found where you pointed. Point at the middle of the body.")
    people, trunk = [first.points], _trunk_px(first)
    for crowd in crowds.values():
        near = _by_distance(crowd, _middle(first))
        if near and np.linalg.norm(_middle(near[0]) - _middle(first)) < SAME_PLACE_TRUNKS * trunk:
            people.append(near[0].points)
    return around(np.array(people), width_px, height_px, room)


def is_followed(found: Landmarks, at: tuple[float, float, float]) -> bool:
    """Whether the landmarks are those of the person whom somebody pointed at; True where the frame was not read."""
    row = int(np.argmin(np.abs(found.t_s - at[0])))
    xy = found.xy_px[row]
    if abs(found.t_s[row] - at[0]) > 0.1 or not np.isfinite(xy).all():
        return True
    finger = np.array([at[1], found.height_px - at[2]])
    return _touched(Person(np.concatenate([xy.min(axis=0), xy.max(axis=0)]), xy), finger)


def _by_distance(crowd: list[Person], place: Floats) -> list[Person]:
    return sorted(crowd, key=lambda person: float(np.linalg.norm(_middle(person) - place)))


def _touched(person: Person, finger: Floats) -> bool:
    slack = FINGER * float(person.box[3] - person.box[1])
    return bool(np.all(finger > person.box[:2] - slack) and np.all(finger < person.box[2:] + slack))


def _middle(person: Person) -> Floats:
    return np.asarray((geo.hip_mid(person.points[None]) + geo.shoulder_mid(person.points[None]))[0] / 2)


def _trunk_px(person: Person) -> float:
    return float(np.linalg.norm(geo.hip_mid(person.points[None]) - geo.shoulder_mid(person.points[None])))
