"""Forward lean of the trunk: mean and how much it changes within the stride."""

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

# `analysis.posture` has taken bias and cross-talk out of the mean; left are the points of other bodies (1 cm at either
# end of the trunk is 1 deg).  Seven rendered bodies and two runners: mean -2.9 to 2.8 deg off, ROM -0.3
# to 0.8 of the one, a heavy body 2.1, and -0.3 to 3.4 of the other.
MEAN = Method(error_sd=1.55)
ROM = Method(error_sd=1.3, offset=0.5)

_REFERENCES = (
    Reference("Teng & Powers 2014, JOSPT: 7.3 +- 3.6 deg self-selected at 3.4 m/s (n = 24)"),
    Reference("Preece et al. 2016, Gait & Posture: elite runners about 4 deg more upright at faster speeds"),
    Reference(
        "Carson et al. 2024, PLoS One e0302249: 8 +- 2 deg of lean cost 8 % more than 2-4 deg",
        "https://doi.org/10.1371/journal.pone.0302249",
    ),
)
_GRADES = {ViewName.SIDE: Grade.A, ViewName.REAR: Grade.X, ViewName.FRONT: Grade.X}
_WALL_LEAN = Drill("Wall lean: tip from the ankles, body in one line", "5 x 10 s before each run")


def compute_mean(evidence: Evidence) -> Measured | NotMeasured:
    """Mean angle of the hip-mid to shoulder-mid line against the vertical, forwards."""
    return mean_of(evidence, "forward_lean", MEAN)


def compute_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the same angle over the mean stride."""
    return rom_of(evidence, "forward_lean", ROM)


FORWARD_LEAN_MEAN = MetricSpec(
    key="forward_lean_mean",
    label="Forward lean",
    unit="deg",
    group=Group.TORSO,
    question="Does your trunk tip forwards a little, from the ankles?",
    definition="Mean angle between the line from mid-hip to mid-shoulder and the vertical, seen from the side.",
    sign="+ = leaning forwards.",
    grades=_GRADES,
    mdc=3.0,
    references=_REFERENCES,
    errors=(
        "About 1.5 deg between bodies, much less between two clips of one runner: the model's points lie off the "
        "joints, and a head carried forwards drags them along; both are corrected. A camera that is not level adds its "
        "own tilt in full."
    ),
    compute=compute_mean,
    bands=(Band(ok=(2.0, 12.0), watch=(0.0, 16.0)),),
    praise="Your trunk leans forwards by a healthy amount.",
    advice_high=Advice(
        title="Leaning far forwards",
        cue="Run tall, then tip a little from the ankles.",
        drills=(
            _WALL_LEAN,
            Drill("Hip-flexor stretch, half kneeling", "2 x 30 s each side, daily"),
            Drill("Glute bridge, then single leg", "3 x 10, three times a week"),
        ),
        why="A big lean from the waist made running cost more energy; a small one from the ankles does not.",
        source="Carson et al. 2024",
    ),
    advice_low=Advice(
        title="Very upright, or leaning back",
        cue="Chest a touch ahead of the hips.",
        drills=(_WALL_LEAN, Drill("Gentle uphill strides", "6 x 15 s, once a week")),
        why="A small forward lean takes load off the front of the knee.",
        source="Teng & Powers 2014",
    ),
    waveform="forward_lean",
    posture=True,
)

FORWARD_LEAN_ROM = MetricSpec(
    key="forward_lean_rom",
    label="Forward lean, movement",
    unit="deg",
    group=Group.TORSO,
    question="Does your trunk rock forwards and back with each step?",
    definition="Peak-to-peak of the forward lean over the mean stride.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=3.0,
    references=(Reference("Motion capture of 6-8 healthy runners at 2-5 m/s: 5-8 deg"),),
    errors="About 1 deg on clips with known truth. It does not depend on a level camera.",
    compute=compute_rom,
    bands=(Band(ok=(None, 14.0), watch=(None, 14.0)),),
    praise="Your trunk hardly rocks forwards and back.",
    advice_high=Advice(
        title="Trunk rocks forwards and back",
        cue="Keep the breastbone quiet, as if balancing a glass on it.",
        drills=(
            Drill("Dead bug", "3 x 8 each side, three times a week"),
            Drill("Front plank with slow marching", "3 x 30 s, three times a week"),
        ),
        why="The trunk is the foundation that arms and legs work from: what it moves, they have to catch.",
        source="Coaching practice",
    ),
    waveform="forward_lean",
    shown_at="peak",
)
