"""The whole torso as one number, for a quick look and for following progress."""

from analysis.metrics.spec import Grade, Group, MetricSpec, Part, Reference
from analysis.types import ViewName

TORSO_STABILITY = MetricSpec(
    key="torso_stability",
    label="Torso stability",
    unit="0..100",
    group=Group.WHOLE,
    question="How still and upright is your torso, all in all?",
    definition=(
        "Weighted mean of the torso's metrics. Each has all its points inside its ok band and loses a third of them "
        "for every width of the watch band beyond it; what is measured less surely counts less."
    ),
    sign="100 = everything inside its band.",
    grades={ViewName.SIDE: Grade.B, ViewName.REAR: Grade.B, ViewName.FRONT: Grade.B},
    mdc=8.0,
    references=(
        Reference(
            "Van Hooren et al. 2024: single movements explain 4-12 % of running economy; this is no energy score"
        ),
        Reference("Folland et al. 2017, MSSE 49:1412: technique judged by several variables together (97 runners)"),
    ),
    errors="The interval carries the errors of all its parts. Compare scores from the same views only.",
    film="Film from behind or from the front; together with a side clip it covers the most.",
    decimals=0,
    parts=(
        Part("pelvic_drop_left", 10),
        Part("pelvic_drop_right", 10),
        Part("lateral_lean_rom", 12),
        Part("lateral_lean_mean", 8),
        Part("shoulder_tilt_rom", 6),
        Part("thorax_rotation_rom", 14),
        Part("shoulder_hip_offset", 6),
        Part("shoulder_sway", 8),
        Part("vertical_oscillation", 12),
        Part("forward_lean_mean", 6),
        Part("stride_regularity", 8),
    ),
)
