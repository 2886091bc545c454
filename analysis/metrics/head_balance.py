"""The carriage of the head as one number."""

from analysis.metrics.spec import Grade, Group, MetricSpec, Part, Reference
from analysis.types import ViewName

HEAD_BALANCE = MetricSpec(
    key="head_balance",
    label="Head balance",
    unit="0..100",
    group=Group.WHOLE,
    question="How well does your head balance on top, all in all?",
    definition=(
        "Weighted mean of head in front of the trunk line, pitch, nod and rock. Each has all its points inside its ok "
        "band and loses a third of them for every width of the watch band beyond it."
    ),
    sign="100 = everything inside its band.",
    grades={ViewName.SIDE: Grade.B, ViewName.REAR: Grade.X, ViewName.FRONT: Grade.X},
    mdc=8.0,
    references=(
        Reference(
            "Moore et al., IJESAB vol 8 iss 2: head position did not change oxygen uptake, but effort felt higher"
        ),
    ),
    errors="The interval carries the errors of all its parts. Compare scores from the same view only.",
    film="Film from the side, the ear in sight.",
    decimals=0,
    parts=(
        Part("head_forward_trunk", 35),
        Part("head_pitch_mean", 30),
        Part("head_pitch_rom", 25),
        Part("head_tilt_rom", 10),
    ),
)
