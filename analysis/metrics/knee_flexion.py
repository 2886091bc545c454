"""Knee flexion at contact: how bent the knee is when the foot lands."""

from analysis.metrics.estimate import Method
from analysis.metrics.footing import at_strike, fast_enough, near_step
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

# Near leg, seven rendered bodies: the landmarks show the knee of three 4 to 6 deg too straight and of four 2 to 6 deg
# too bent.  Two pose models on a real clip differ by 1-7 deg, and generic pose models err by 5-8 deg in running (Van
# Hooren et al. 2023).
METHOD = Method(error_sd=5.5, offset=-2.0)


def compute_knee_flexion(evidence: Evidence) -> Measured | NotMeasured:
    """180 deg less the angle hip-knee-ankle of the near leg, at its foot strike."""
    slow = fast_enough(evidence)
    if slow is not None:
        return slow
    step = near_step(evidence)
    if isinstance(step, NotMeasured):
        return step
    return at_strike(evidence, step.knee_flexion_deg, step, METHOD)


KNEE_FLEXION_CONTACT = MetricSpec(
    key="knee_flexion_contact",
    label="Knee bend at landing",
    unit="deg",
    group=Group.RUNNING,
    question="Do you land on a softly bent knee?",
    definition=(
        "180 deg less the angle between thigh and shank at foot strike, on the mean stride of the leg nearer to the "
        "camera."
    ),
    sign="0 = straight, + = bent.",
    grades={ViewName.SIDE: Grade.B, ViewName.REAR: Grade.X, ViewName.FRONT: Grade.X},
    mdc=9.0,
    references=(
        Reference("Souza 2016, Phys Med Rehabil Clin: knee flexion in stance and shock absorption"),
        Reference(
            "Bramah et al. 2018: injured runners landed with a straighter knee (an association only)",
            "https://pubmed.ncbi.nlm.nih.gov/30193080/",
        ),
        Reference("Van Hooren et al. 2020, Sports Med: 2.3 deg more on a treadmill than on the ground"),
    ),
    errors=(
        "About 5.5 deg between bodies with known truth, much less between two clips of one runner. The "
        "knee bends 2-3 deg in the 10 ms around the landing."
    ),
    compute=compute_knee_flexion,
    # Good is 12-25 deg and below 10 is worth watching; nothing is known to be too bent, and nothing is flagged.
    bands=(Band(ok=(10.0, None), watch=(None, None)),),
    praise="You land on a softly bent knee.",
    advice_low=Advice(
        title="Landing on a straight knee",
        cue="Land softly, knee unlocked, as if on a thin sheet of ice.",
        drills=(
            Drill("Run with a metronome, 5-10 % quicker steps", "3 x 2 min in an easy run, twice a week, 4-6 weeks"),
            Drill("Drop from a low step, quiet landing on bent knees", "3 x 8, twice a week"),
        ),
        why="A straight knee passes the shock on; a bent one takes it up.",
        source="Souza 2016; Bramah et al. 2018",
    ),
    waveform="knee_flexion",
    shown_at="foot_strike",
    decimals=0,
)
