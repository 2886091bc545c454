"""Vertical oscillation: how far the hips rise and fall with each step."""

import numpy as np

from analysis.metrics.estimate import Method, centimetres, of_curves
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
from analysis.types import Evidence, Floats, ViewName

# `analysis.waveforms` joins head, shoulders and hips into the bounce of the pelvis (truth clips: 0.3 cm).  How much
# more or less than the pelvis the head goes up and down differs between runners by about 8 %.  Left of it, without
# the error of the scale, is 0.3 to 0.45 cm in every view.
METHOD = Method(error_sd=0.4)


def compute_vertical_oscillation(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the mid-hip height per step, mean of the two steps of the mean stride, in cm."""
    return centimetres(of_curves(evidence, "pelvis_height", METHOD, compute_step_rom), evidence)


def compute_step_rom(curves: Floats) -> float:
    """Mean peak-to-peak of the two halves (steps) of the mean of curves [k, 101]."""
    mean = curves.mean(axis=0)
    return float((np.ptp(mean[:51]) + np.ptp(mean[50:])) / 2)


VERTICAL_OSCILLATION = MetricSpec(
    key="vertical_oscillation",
    label="Bounce",
    unit="cm",
    group=Group.TORSO,
    question="How much do you go up and down?",
    definition="How far mid-hip rises and falls with each step, mean over the steps.",
    sign="Always positive.",
    grades={ViewName.SIDE: Grade.A, ViewName.REAR: Grade.A, ViewName.FRONT: Grade.A},
    mdc=1.0,
    references=(
        Reference(
            "Van Hooren et al. 2024, Sports Med: lower vertical displacement goes with better economy (moderate)"
        ),
        Reference("Tseh et al. 2008, JSSM 7:91: exaggerated bounce raised oxygen uptake from 43.4 to 51.0 ml/kg/min"),
        Reference("Fukuchi et al. 2017, RBDS: medians 9.6, 9.4, 7.9 cm at 2.5, 3.5, 4.5 m/s"),
    ),
    errors=(
        "About 0.4 cm, and 4 % with the runner's height known, 6 % without. The hip points alone would miss up to 40 % "
        "of the bounce, so head and shoulders are read with them."
    ),
    compute=compute_vertical_oscillation,
    bands=(Band(ok=(None, 10.0), watch=(None, 12.0)),),
    praise="You run level: little is lost up and down.",
    advice_high=Advice(
        title="A high bounce",
        cue="Skim under a low ceiling; push the road back, not down.",
        drills=(
            Drill("Run with a metronome, 5 % quicker steps", "3 x 2 min in an easy run, twice a week"),
            Drill("Short hill strides", "6 x 12 s, once a week"),
            Drill("Rope skipping, low and quick", "3 x 1 min, twice a week"),
        ),
        why="Every centimetre up has to be paid for; a lower bounce goes with better running economy.",
        source="Van Hooren et al. 2024; Tseh et al. 2008",
    ),
    waveform="pelvis_height",
)
