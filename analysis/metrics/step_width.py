"""Step width: how far apart the feet land, seen from behind or in front."""

import numpy as np

from analysis.metrics.estimate import RESERVE, interval
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
from analysis.types import Evidence, Floats, Side, ViewName

# The ankle points lie 1 cm further out than the ankles on either side from behind (seven rendered bodies: 0.5 to
# 1.5 cm) and 0.5 cm in front (five: -0.5 to 1 cm); left of it are 0.8 and 1.2 cm.
OFFSET_CM = {ViewName.REAR: 2.0, ViewName.FRONT: 1.0}
ERROR_SD_CM = {ViewName.REAR: 0.8, ViewName.FRONT: 1.2}
STEPS_MIN = 3
STEPS_GOOD = 6


def compute_step_width(evidence: Evidence) -> Measured | NotMeasured:
    """Sideways distance, cm, from the left ankle at left mid-stance to the right one at right mid-stance."""
    if evidence.scale.px_per_m is None:
        return NotMeasured("The size of the runner is not known. Enter the height in the profile and analyse again.")
    places = {side: _at_mid_stance(evidence, side) for side in Side}
    fewest = min(len(values) for values in places.values())
    if fewest < STEPS_MIN:
        return NotMeasured("The feet were not seen in enough steps. Keep them in the picture for 20 to 30 seconds.")
    raw = float(np.median(places[Side.RIGHT]) - np.median(places[Side.LEFT]))
    scatter = float(np.hypot(_median_error(places[Side.LEFT]), _median_error(places[Side.RIGHT])))
    value = raw - OFFSET_CM[evidence.view.name]
    error = float(
        np.sqrt(scatter**2 + (RESERVE * ERROR_SD_CM[evidence.view.name]) ** 2 + (raw * evidence.scale.relative_sd) ** 2)
    )
    low, high = interval(value, error)
    return Measured(value, low, high, fewest, grade=Grade.C if fewest < STEPS_GOOD else None)


def _at_mid_stance(evidence: Evidence, side: Side) -> Floats:
    """Sideways place of the foot at each of its mid-stances, cm, without the runner's slow drift over the belt."""
    foot, hips = evidence.waveforms[f"foot_{side}"], evidence.waveforms["pelvis_sideways"]
    times = evidence.strides.mid_stance[side]
    good = np.isfinite(hips)
    if good.sum() < 2:
        return np.empty(0)
    drift = np.polyval(np.polyfit(evidence.t_s[good], hips[good], 1), evidence.t_s)
    places = np.interp(times, evidence.t_s, foot - drift)
    return np.asarray(places[np.isfinite(places)])


def _median_error(values: Floats) -> float:
    """Standard error of the median, from the spread about it."""
    return float(1.253 * np.std(values) / np.sqrt(len(values)))


STEP_WIDTH = MetricSpec(
    key="step_width",
    label="Step width",
    unit="cm",
    group=Group.RUNNING,
    question="Do your feet land side by side, or cross over the middle?",
    definition="Sideways distance from the left to the right ankle, each at its own mid-stance, median over the steps.",
    sign="+ = each foot on its own side, below 0 = crossed over.",
    grades={ViewName.SIDE: Grade.X, ViewName.REAR: Grade.B, ViewName.FRONT: Grade.B},
    mdc=2.0,
    references=(
        Reference("Brindle et al. 2014: 6 cm in healthy runners"),
        Reference("Meardon et al. 2012: a narrow step strains the iliotibial band (n = 15)"),
        Reference("Motion capture of 6 runners: 6.5 to -3 cm from 2 to 5 m/s: it narrows with speed"),
    ),
    errors="About 1.2 cm on seven bodies with known truth after a correction of 1 to 2 cm, and the scale's share.",
    compute=compute_step_width,
    bands=(Band(ok=(0.0, None), watch=(-3.0, None), speed_mps=(2.2, 3.5)),),
    praise="Each foot lands on its own side.",
    advice_low=Advice(
        title="Feet cross over the middle",
        cue="Run either side of a painted line.",
        drills=(
            Drill("Strides straddling a line", "6 x 15 s, twice a week"),
            Drill("Side-lying leg raise", "3 x 12 each side, three times a week"),
            Drill("Lateral band walk", "3 x 10 steps each way, three times a week"),
        ),
        why="A narrow step strains the outside of the thigh; change it only a little, for a wide one costs energy.",
        source="Meardon et al. 2012",
    ),
    needs=("trunk", "feet"),
)
