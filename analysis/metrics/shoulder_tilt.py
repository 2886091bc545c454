"""The shoulder line in the frontal plane: a shoulder that hangs, shoulders that dip with each step."""

from collections.abc import Mapping
from dataclasses import replace

from analysis.metrics import marked
from analysis.metrics.estimate import Method, mean_of, not_negative, rom_of
from analysis.metrics.spec import (
    Advice,
    Band,
    Drill,
    Grade,
    Group,
    Measured,
    MetricSpec,
    NotMeasured,
    Reference,
)
from analysis.types import Evidence, ViewName

# From behind the model draws the picture's right shoulder 0.6 deg low: truth clips and their mirror images alike.  From
# the front it shows less of a tilt (an older model two thirds of it; no front clip with known truth was at hand).
MEAN: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=0.8, offset=-0.6, gain=0.92),
    ViewName.FRONT: Method(error_sd=1.2, gain=0.8),
}
# From behind, the shoulder that goes forwards also goes away from a camera that is lower than it, and so drops in the
# picture: by geometry +2.0 deg of ROM (largest 2.9) at 4 m with the camera at 1.1 m, -0.2 (0.6) from the front; on the
# truth clips (3.4 m, 1.2 m) +1.3 to +1.8 deg, whatever the shoulders turn.
ROM: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=0.9, offset=1.5),
    ViewName.FRONT: Method(error_sd=1.0),
}

_OTHER_VIEW = "The shoulder line's tilt shows from behind or in front only."
_GRADES = {ViewName.SIDE: Grade.X, ViewName.REAR: Grade.B, ViewName.FRONT: Grade.A}
_REFERENCES = (Reference("Motion capture of 6-8 healthy runners at 2-5 m/s: ROM 4.3-7.4 deg, mean within 6.3 deg"),)
_DRILLS = (
    Drill("Light suitcase carry on the hanging side", "3 x 30 m, twice a week"),
    Drill("Scapular wall slides", "2 x 10, three times a week"),
    Drill("Band row, mid back", "3 x 12, three times a week"),
)
_CUE = "Two equal gaps between earrings and shoulders."
_WHY = "A shoulder that hangs pulls the trunk off the middle; often a bag, a phone or a watch side is behind it."


def compute_mean(evidence: Evidence) -> Measured | NotMeasured:
    """Mean tilt of the shoulder line against the horizontal."""
    method = MEAN.get(evidence.view.name)
    tilts = marked.tilts_of(evidence, "shoulders")
    if method is not None and marked.fewest(tilts) >= marked.MARKS_A_SIDE:
        return marked.compute_mean(tilts, marked.marked_by(evidence, "shoulders"))
    return NotMeasured(_OTHER_VIEW) if method is None else mean_of(evidence, "shoulder_tilt", method)


def compute_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the same tilt over the mean stride, less what the camera's height adds."""
    method = ROM.get(evidence.view.name)
    tilts = marked.tilts_of(evidence, "shoulders")
    if method is not None and marked.fewest(tilts) >= marked.MARKS_A_SIDE and marked.has_between(tilts):
        # The camera's height adds to a drawn line as it does to the model's.
        drawn = marked.compute_swing(tilts, marked.marked_by(evidence, "shoulders"))
        ends = (drawn.value - method.offset, drawn.low - method.offset, drawn.high - method.offset)
        return not_negative(replace(drawn, value=ends[0], low=ends[1], high=ends[2]))
    return NotMeasured(_OTHER_VIEW) if method is None else rom_of(evidence, "shoulder_tilt", method)


SHOULDER_TILT_MEAN = MetricSpec(
    key="shoulder_tilt_mean",
    label="Shoulder tilt",
    unit="deg",
    group=Group.TORSO,
    question="Does one shoulder hang lower than the other?",
    definition="Mean tilt of the line between the shoulders against the horizontal, seen from behind or in front.",
    sign="+ = right shoulder higher.",
    grades=_GRADES,
    mdc=4.0,
    references=_REFERENCES,
    errors="About 1 deg on clips with known truth. A camera that is not level adds its own tilt in full.",
    compute=compute_mean,
    bands=(Band(ok=(-3.0, 3.0), watch=(-6.0, 6.0)),),
    praise="Your shoulders are level.",
    advice_high=Advice(title="Left shoulder hangs", cue=_CUE, drills=_DRILLS, why=_WHY, source="Coaching practice"),
    advice_low=Advice(title="Right shoulder hangs", cue=_CUE, drills=_DRILLS, why=_WHY, source="Coaching practice"),
    waveform="shoulder_tilt",
    posture=True,
)

SHOULDER_TILT_ROM = MetricSpec(
    key="shoulder_tilt_rom",
    label="Shoulder dip",
    unit="deg",
    group=Group.TORSO,
    question="Do your shoulders dip from side to side?",
    definition="Peak-to-peak of the shoulder line's tilt over the mean stride.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=4.0,
    references=_REFERENCES,
    errors=(
        "About 1 deg. Behind the runner a low or near camera adds 1-3 deg, of which 1.5 are taken off: film from 4 m "
        "or more with the camera at chest height."
    ),
    compute=compute_rom,
    bands=(Band(ok=(None, 9.0), watch=(None, 13.0)),),
    praise="Your shoulders stay level.",
    advice_high=Advice(
        title="Shoulders dip from side to side",
        cue=_CUE,
        drills=_DRILLS,
        why="The trunk is the foundation that arms and legs work from: what rocks there, they have to catch.",
        source="Coaching practice",
    ),
    waveform="shoulder_tilt",
    shown_at="peak",
)
