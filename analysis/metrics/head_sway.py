"""How much the head travels with each stride: from side to side, and up and down."""

from analysis.metrics.estimate import Method, centimetres, not_negative, of_curves
from analysis.metrics.estimate import compute_rom_without_drift as rom
from analysis.metrics.spec import Grade, Group, Measured, MetricSpec, NotMeasured, Reference
from analysis.types import Evidence, ViewName

# The ear points follow the head's bounce to 96-98 % and its sway to 88 % (truth clips, side and rear).  Left of it,
# without the error of the scale: sway 0.35 to 0.5 cm, bob 0.2 to 0.7.
SWAY = Method(error_sd=0.42, gain=0.88)
BOB = Method(error_sd=0.6, gain=0.97)

_REFERENCES = (
    Reference("Motion capture of one healthy runner: head 5.3 cm from side to side, 8.0 cm up and down (pelvis 7.8)"),
)


def compute_sway(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the sideways position of mid-ear over the mean stride, without drift, in cm."""
    return centimetres(not_negative(of_curves(evidence, "head_sideways", SWAY, rom)), evidence)


def compute_bob(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the height of mid-ear over the mean stride, without drift, in cm."""
    return centimetres(not_negative(of_curves(evidence, "head_height", BOB, rom)), evidence)


HEAD_SWAY = MetricSpec(
    key="head_sway",
    label="Head sway",
    unit="cm",
    group=Group.HEAD,
    question="How far does your head travel from side to side?",
    definition="Peak-to-peak of the sideways position of mid-ear over the mean stride; slow drift is taken out.",
    sign="Always positive.",
    grades={ViewName.SIDE: Grade.X, ViewName.REAR: Grade.A, ViewName.FRONT: Grade.A},
    mdc=1.5,
    references=_REFERENCES,
    errors="About 0.4 cm, and the error of the scale: 4 % with the runner's height known, 6 % without.",
    compute=compute_sway,
    waveform="head_sideways",
    shown_at="peak",
    needs=("head",),
)

HEAD_BOB = MetricSpec(
    key="head_bob",
    label="Head bob",
    unit="cm",
    group=Group.HEAD,
    question="How far does your head go up and down?",
    definition="Peak-to-peak of the height of mid-ear over the mean stride; slow drift is taken out.",
    sign="Always positive.",
    grades={ViewName.SIDE: Grade.A, ViewName.REAR: Grade.A, ViewName.FRONT: Grade.A},
    mdc=1.0,
    references=_REFERENCES,
    errors="About 0.6 cm, and the error of the scale: 4 % with the runner's height known, 6 % without.",
    compute=compute_bob,
    waveform="head_height",
    shown_at="peak",
    needs=("head",),
)
