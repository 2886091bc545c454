"""The head's tilt to the side, seen from behind or in front."""

from collections.abc import Mapping

from analysis.metrics.estimate import Method, mean_of, rom_of
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

# From behind the model draws the ears 11 cm apart instead of 18 cm, which steepens their line (truth clips: -3.6 shown
# as -5.2 deg); it guesses them from the shape of the hair, and tilts the head with trunk and shoulders (right shoulder
# 5 deg low: head 4 deg to the right).  It adds movement of its own: 1 deg on the body of the truth clips, 0 to 5 on
# five others, most on a bald head from behind and with a ponytail from the front.  From the front 6 deg show as 4.
MEAN: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=1.4, gain=1.35),
    ViewName.FRONT: Method(error_sd=2.0, gain=0.7),
}
ROM: Mapping[ViewName, Method] = {
    ViewName.REAR: Method(error_sd=1.1, offset=1.8),
    ViewName.FRONT: Method(error_sd=1.4, offset=1.8),
}

_GRADES = {ViewName.SIDE: Grade.X, ViewName.REAR: Grade.B, ViewName.FRONT: Grade.A}
_REFERENCES = (Reference("Motion capture of one healthy runner: head roll 2.2 deg within the stride"),)


def compute_mean(evidence: Evidence) -> Measured | NotMeasured:
    """Mean tilt of the line between the ears, + = head to the runner's right."""
    return mean_of(evidence, "head_tilt", MEAN)


def compute_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the same tilt over the mean stride."""
    return rom_of(evidence, "head_tilt", ROM)


HEAD_TILT_MEAN = MetricSpec(
    key="head_tilt_mean",
    label="Head tilt",
    unit="deg",
    group=Group.HEAD,
    question="Do you carry your head to one side?",
    definition="Mean tilt of the line between the ears against the horizontal, seen from behind or in front.",
    sign="+ = head tilted to your right.",
    grades=_GRADES,
    mdc=4.0,
    references=_REFERENCES,
    errors=(
        "About 2 deg: from behind the ears are guessed, from the front a tilt is shown by two thirds. A camera that is "
        "not level adds its own tilt in full."
    ),
    compute=compute_mean,
    waveform="head_tilt",
    needs=("head",),
    posture=True,
)

HEAD_TILT_ROM = MetricSpec(
    key="head_tilt_rom",
    label="Head rock",
    unit="deg",
    group=Group.HEAD,
    question="Does your head rock from side to side?",
    definition="Peak-to-peak of the head's sideways tilt over the mean stride.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=4.0,
    references=_REFERENCES,
    errors="About 1.2 deg. The model adds rocking of its own, 0 to 5 deg by head and hair; 1.8 are taken off.",
    compute=compute_rom,
    bands=(Band(ok=(None, 6.0), watch=(None, 10.0)),),
    praise="Your head stays level from side to side.",
    advice_high=Advice(
        title="Head rocks from side to side",
        cue="Keep the horizon still.",
        drills=(
            Drill("Relax jaw and shoulders on every tenth breath", "in every easy run"),
            Drill("Softer landing: quicker, quieter steps", "3 x 2 min in an easy run"),
        ),
        why="A quiet head keeps the eyes and the balance organs calm; rocking grows with fatigue.",
        source="Coaching practice",
    ),
    waveform="head_tilt",
    shown_at="peak",
    needs=("head",),
)
