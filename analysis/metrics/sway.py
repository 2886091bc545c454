"""Sideways movement of shoulders and hips with each stride, seen from behind or in front."""

from analysis.metrics.estimate import Method, centimetres, not_negative, of_curves
from analysis.metrics.estimate import compute_rom_without_drift as rom
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

# How much of the sway the points show differs between bodies and clothes: shoulders 0.87 on the body of the truth
# clips, 1.0 to 1.3 on five others; hips 0.88, and 0.7 to 1.2.  Of a runner who hardly sways the shoulders show 1 cm too
# much.
SHOULDERS = Method(error_sd=0.65, gain=0.95)
PELVIS = Method(error_sd=0.5, gain=0.88)

_GRADES = {ViewName.SIDE: Grade.X, ViewName.REAR: Grade.A, ViewName.FRONT: Grade.A}
_REFERENCES = (
    Reference("Motion capture of 6-8 healthy runners at 2-5 m/s: shoulders 2.1-3.8 cm, pelvis 0.6-3.2 cm"),
    Reference(
        "Schmitz et al. 2014, PMC4258689: side-plank endurance goes with hip control (r = -0.36)",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC4258689/",
    ),
)


def compute_shoulder_sway(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the sideways position of mid-shoulder over the mean stride, without drift, in cm."""
    return centimetres(not_negative(of_curves(evidence, "shoulder_sideways", SHOULDERS, rom)), evidence)


def compute_pelvis_sway(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the sideways position of mid-hip over the mean stride, without drift, in cm."""
    return centimetres(not_negative(of_curves(evidence, "pelvis_sideways", PELVIS, rom)), evidence)


SHOULDER_SWAY = MetricSpec(
    key="shoulder_sway",
    label="Shoulder sway",
    unit="cm",
    group=Group.TORSO,
    question="How far do your shoulders travel from side to side?",
    definition="Peak-to-peak of the sideways position of mid-shoulder over the mean stride; slow drift is taken out.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=1.5,
    references=_REFERENCES,
    errors="About 0.6 cm, and the error of the scale: 4 % with the runner's height known, 6 % without.",
    compute=compute_shoulder_sway,
    bands=(Band(ok=(None, 4.0), watch=(None, 6.0)),),
    praise="Your shoulders travel straight ahead.",
    advice_high=Advice(
        title="Shoulders sway from side to side",
        cue="Run inside a narrow corridor; zip up from the pubic bone to the breastbone.",
        drills=(
            Drill("Suitcase carry: a weight in one hand, stay level", "4 x 30 m each side, twice a week"),
            Drill("Side plank", "3 x 20-40 s each side, three times a week"),
            Drill("Slow single-leg stance with arm drive", "3 x 10 each side, three times a week"),
        ),
        why="What goes sideways does not go forwards: the legs have to catch it at every step.",
        source="Schmitz et al. 2014; coaching practice",
    ),
    waveform="shoulder_sideways",
    shown_at="peak",
)

PELVIS_SWAY = MetricSpec(
    key="pelvis_sway",
    label="Hip sway",
    unit="cm",
    group=Group.TORSO,
    question="How far do your hips travel from side to side?",
    definition="Peak-to-peak of the sideways position of mid-hip over the mean stride; slow drift is taken out.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=1.5,
    references=_REFERENCES[:1],
    errors=(
        "About 0.5 cm, and the error of the scale: 4 % with the runner's height known, 6 % without. The hip points "
        "show where the pelvis is, never how it is tilted or turned."
    ),
    compute=compute_pelvis_sway,
    waveform="pelvis_sideways",
    shown_at="peak",
)
