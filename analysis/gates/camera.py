"""Checks of the camera: where it stands, how it is held, what it sees."""

from analysis.gates.gate import TILTS, TURNS, Gate, Verdict
from analysis.types import View, ViewName

VIEW_MIN = 0.5
# Off the square view beyond this, rotation and tilt are less sure (biomechanics.md 1.2: errors of 0.6-1.6 deg at 20).
OBLIQUE_DEG = 20.0


def check_view(view: View) -> Gate:
    """One of the three views, clearly."""
    if view.confidence < VIEW_MIN:
        return Gate(
            "view",
            Verdict.WARN,
            f"The camera stood at an angle; this was taken as a {view.name} view. "
            "Film square from the side, from behind or from the front.",
        )
    return Gate("view", Verdict.OK, f"Filmed from the {view.name}." if view.name != "rear" else "Filmed from behind.")


def check_oblique(view: View, oblique_deg: float) -> Gate:
    """The camera stands square to the runner.  ``oblique_deg``: `view.obliqueness_deg`."""
    if abs(oblique_deg) <= OBLIQUE_DEG:
        return Gate("oblique", Verdict.OK, "The camera stands square to the runner.")
    where = "beside" if view.name is ViewName.SIDE else "behind" if view.name is ViewName.REAR else "in front of"
    return Gate(
        "oblique",
        Verdict.WARN,
        f"The camera stood about {abs(oblique_deg):.0f} degrees off: rotation and tilt are less sure. "
        f"Put it exactly {where} the runner.",
        doubts=TURNS + TILTS,
    )
