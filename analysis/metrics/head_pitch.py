"""Looking ahead or down: the head's pitch, mean and movement, seen from the side."""

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

# `analysis.posture` has taken bias and cross-talk out of the mean.  What is left differs from face to face, by how much
# hair frames it: over seven rendered bodies and two runners, hair as people wear it, means from 14 deg too low to 11
# too high, root mean square 5.9 with the body left out; bare temples 5 to 10 deg higher still (docs/adr/0022).  Within
# the stride the points add 0.5 to 3.6 deg of nodding of their own.
MEAN = Method(error_sd=5.5)
ROM = Method(error_sd=1.8, offset=1.8)

_GRADES = {ViewName.SIDE: Grade.B, ViewName.REAR: Grade.X, ViewName.FRONT: Grade.X}
_REFERENCES = (
    Reference(
        "Moore et al., IJESAB vol 8 iss 2: head position did not change oxygen uptake, but effort felt higher (n = 16)"
    ),
)
_DRILLS = (
    Drill("Look up at every lamp post", "in every easy run"),
    Drill("Treadmill: put a mark on the wall at eye height", "every treadmill run"),
    Drill("Chin tuck, lying or against a wall", "10 x 10 s, daily"),
)


def compute_mean(evidence: Evidence) -> Measured | NotMeasured:
    """Mean pitch of the head from six points of the face, with head position and lean taken out."""
    return mean_of(evidence, "head_pitch", MEAN)


def compute_rom(evidence: Evidence) -> Measured | NotMeasured:
    """Peak-to-peak of the head's pitch over the mean stride."""
    return rom_of(evidence, "head_pitch", ROM)


HEAD_PITCH_MEAN = MetricSpec(
    key="head_pitch_mean",
    label="Head pitch",
    unit="deg",
    group=Group.HEAD,
    question="Do you look ahead, or down?",
    definition="Mean pitch of the head, from six points of the face seen from the side, against a level face.",
    sign="+ = looking up, 0 = level.",
    grades=_GRADES,
    mdc=6.0,
    references=_REFERENCES,
    errors=(
        "About 6 deg, for it differs from face to face: bare temples or a shaved head read higher than hair "
        "before the ear and a fringe. Between two clips of one runner, with the same hair, much less. A head carried "
        "forwards reads as looking down, which is corrected. On a treadmill the console draws the eyes down."
    ),
    compute=compute_mean,
    bands=(Band(ok=(-10.0, 10.0), watch=(-20.0, 20.0)),),
    praise="You look ahead.",
    advice_high=Advice(
        title="Chin up",
        cue="Chin slightly back and down, as if holding a peach under it.",
        drills=_DRILLS[2:],
        why="A raised chin shortens the back of the neck and makes the effort feel higher.",
        source="Moore et al.; coaching practice",
    ),
    advice_low=Advice(
        title="Looking down",
        cue="Eyes to the horizon: drop the eyes, not the head.",
        drills=_DRILLS,
        why="A head that hangs has to be held up by neck and back at every step.",
        source="Moore et al.; coaching practice",
    ),
    waveform="head_pitch",
    needs=("trunk", "head"),
    decimals=0,
    posture=True,
)

HEAD_PITCH_ROM = MetricSpec(
    key="head_pitch_rom",
    label="Head nod",
    unit="deg",
    group=Group.HEAD,
    question="Does your head nod with each step?",
    definition="Peak-to-peak of the head's pitch over the mean stride.",
    sign="Always positive.",
    grades=_GRADES,
    mdc=6.0,
    references=(
        Reference("Motion capture of actors: 7.4 +- 1.8 deg fresh, 18.9 +- 3.5 deg acting exhausted (Bandai data)"),
    ),
    errors="About 2 deg. The model adds some 2 deg of nodding of its own, which are taken off.",
    compute=compute_rom,
    bands=(Band(ok=(None, 10.0), watch=(None, 15.0)),),
    praise="Your head is quiet: no nodding.",
    advice_high=Advice(
        title="Nodding head",
        cue="Keep the horizon still.",
        drills=(
            Drill("Softer landing: quicker, quieter steps", "3 x 2 min in an easy run"),
            Drill("Relax jaw and shoulders on every tenth breath", "in every easy run"),
        ),
        why="A quiet head keeps the balance organs and the eyes calm; nodding grows with fatigue.",
        source="Coaching practice",
    ),
    waveform="head_pitch",
    shown_at="peak",
    needs=("trunk", "head"),
)
