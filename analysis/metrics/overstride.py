"""Overstride: how far ahead of the hips the heel lands."""

from analysis.metrics.estimate import Method
from analysis.metrics.footing import at_strike, near_step
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

# Truth clips: hip to knee to ankle is all of the leg but the foot's height, and the near leg looks a little larger.
# Seven rendered bodies: -0.01 to 0.06 too much.
METHOD = Method(error_sd=0.03, gain=1.05)


def compute_overstride(evidence: Evidence) -> Measured | NotMeasured:
    """Heel of the near leg ahead of mid-hip at its foot strike, over leg length."""
    step = near_step(evidence)
    if isinstance(step, NotMeasured):
        return step
    return at_strike(evidence, step.heel_ahead, step, METHOD)


OVERSTRIDE = MetricSpec(
    key="overstride",
    label="Overstride",
    unit="ratio",
    group=Group.RUNNING,
    question="Does your foot land far ahead of your hips?",
    definition=(
        "Distance of the heel ahead of mid-hip at foot strike, over leg length (hip to ground), on the mean stride of "
        "the leg nearer to the camera."
    ),
    sign="+ = heel ahead of the hips.",
    grades={ViewName.SIDE: Grade.B, ViewName.REAR: Grade.X, ViewName.FRONT: Grade.X},
    mdc=0.03,
    references=(
        Reference("Motion capture of 3 runners: 0.08, 0.16, 0.16-0.21, 0.25 at 2, 3, 4, 5 m/s"),
        Reference("Lieberman et al. 2015, J Exp Biol 218:3406: foot ahead of the hip at landing goes with braking"),
        Reference("Wille et al. 2014, J Orthop Sports Phys Ther: heel to centre of mass predicts braking"),
    ),
    errors=(
        "About 0.03 on clips with known truth of seven bodies. The heel passes 0.01 of the leg's length in 10 ms "
        "around the landing. Each border grows with speed, so without the speed it is information only."
    ),
    compute=compute_overstride,
    bands=(Band(ok=(None, 0.06), watch=(None, 0.075), times_speed=True),),
    praise="Your foot lands close enough under you for your speed.",
    advice_high=Advice(
        title="Landing far ahead of the body",
        cue="Land under you, on quiet feet.",
        drills=(
            Drill("Run with a metronome, 5-10 % quicker steps", "3 x 2 min in an easy run, twice a week, 4-6 weeks"),
            Drill("Strides barefoot-style on grass, short", "4 x 60 m, once a week"),
            Drill("A-march", "3 x 20 m before two runs a week"),
        ),
        why="The further ahead the foot lands, the more each step brakes; quicker steps bring it back under the body.",
        source="Lieberman et al. 2015",
    ),
    waveform="heel_ahead",
    shown_at="foot_strike",
    decimals=2,
)
