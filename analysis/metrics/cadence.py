"""Cadence: how many steps a minute."""

import numpy as np

from analysis.metrics.estimate import RESERVE, interval
from analysis.metrics.spec import Advice, Drill, Grade, Group, Measured, MetricSpec, NotMeasured, Reference
from analysis.types import Evidence, ViewName

# Seven rendered bodies: 0.15 spm.  Steps counted in a real clip: 0.4 spm off, of which most is the counting.
ERROR_SD_SPM = 0.2


def compute_cadence(evidence: Evidence) -> Measured | NotMeasured:
    """Steps a minute from the joint frequency of everything that alternates left and right."""
    strides = evidence.strides
    value = strides.cadence_spm
    low, high = interval(value, float(np.hypot(strides.cadence_se_spm, RESERVE * ERROR_SD_SPM)))
    return Measured(value, low, high, len(strides))


CADENCE = MetricSpec(
    key="cadence",
    label="Cadence",
    unit="spm",
    group=Group.RUNNING,
    question="How many steps do you take a minute?",
    definition=(
        "Steps a minute: the frequency that best explains the left-right movement of ankles, knees, heels and wrists "
        "over the whole clip, times two."
    ),
    sign="Steps of both feet are counted.",
    grades={ViewName.SIDE: Grade.A, ViewName.REAR: Grade.A, ViewName.FRONT: Grade.A},
    mdc=3.0,
    references=(
        Reference("Lieberman et al. 2015, J Exp Biol 218:3406: metabolic optimum near 170 spm at 3.0 m/s (n = 14)"),
        Reference("Fukuchi et al. 2017, RBDS: medians 159, 171, 184 spm at 2.5, 3.5, 4.5 m/s"),
    ),
    errors="About 0.2 spm on clips with known truth. A clip played in slow motion reads too low until it is retimed.",
    compute=compute_cadence,
    praise="Cadence is for your information: there is no single right number.",
    advice_low=Advice(
        title="Few steps a minute",
        cue="Quicker, lighter steps at the same speed.",
        drills=(
            Drill("Metronome run, 5 % above your own cadence", "3 x 2 min in an easy run, twice a week, 4-6 weeks"),
        ),
        why="A slightly higher cadence brings the foot down closer under the body and lowers the bounce.",
        source="Lieberman et al. 2015; Bramah et al. 2019",
    ),
    decimals=0,
)
