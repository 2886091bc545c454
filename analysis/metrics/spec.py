"""What a metric is: its texts, grades, bands and computation, in one place.

The page, the report and the number all come from the same ``MetricSpec``; numpy only, so that the web can
read it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.types import Evidence, Profile, Sex, ViewName


class Grade(StrEnum):
    """How well a view measures a metric: A report, B report with a caveat, C experimental, X do not report."""

    A = "A"
    B = "B"
    C = "C"
    X = "X"

    @property
    def contract(self) -> str:
        """The word of the JSON contract."""
        return {"A": "measured", "B": "caveated", "C": "caveated", "X": "not_measured"}[self.value]


class Status(StrEnum):
    """Where a value lies against its band."""

    OK = "ok"
    WATCH = "watch"
    FLAG = "flag"
    INFO = "info"


class Group(StrEnum):
    """The part of the body that a metric speaks of."""

    TORSO = "torso"
    HEAD = "head"
    RUNNING = "running"
    WHOLE = "whole"


@dataclass(frozen=True)
class Measured:
    """A number with the 95 % interval of the true value, in the metric's unit.  ``strides`` that went into it;
    ``grade`` only when this clip is worse than its view usually is; ``note`` a caveat in plain words.
    """

    value: float
    low: float
    high: float
    strides: int
    source: str = "landmarks"
    grade: Grade | None = None
    note: str | None = None
    marked_by: str | None = None


@dataclass(frozen=True)
class NotMeasured:
    """No number, and why, with how to film so that there is one."""

    reason: str


@dataclass(frozen=True)
class Band:
    """Borders of ok and watch, in the metric's unit; beyond watch is flag; None = open.  Holds for running speeds
    ``speed_mps`` and, if given, for one sex.  ``times_speed``: the borders are multiplied by the speed in m/s.
    """

    ok: tuple[float | None, float | None]
    watch: tuple[float | None, float | None]
    speed_mps: tuple[float, float] = (2.2, 4.5)
    sex: Sex | None = None
    times_speed: bool = False


@dataclass(frozen=True)
class Reference:
    """Where a definition, a band or a piece of advice comes from."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Drill:
    """An exercise with its dose."""

    name: str
    dose: str


@dataclass(frozen=True)
class Advice:
    """What to tell a runner whose value lies outside its band on one side."""

    title: str
    cue: str
    drills: tuple[Drill, ...]
    why: str
    source: str


@dataclass(frozen=True)
class Part:
    """What a composite score is made of: a metric's key and its weight, in points of 100."""

    key: str
    weight: float


@dataclass(frozen=True)
class MetricSpec:
    """One metric.  ``key`` is for ever.  ``grades`` has all three views.  ``mdc`` is the smallest change between two
    FormChecks that is more than noise.  ``waveform`` names the stride curve that the number is read from.
    ``needs`` names the parts of the body that must be seen (`gates.compute_visible`): trunk, head, feet, hands.
    ``posture``: a standing clip shows it too.  ``shown_at``: the moment that shows it best: mid_stance, foot_strike, or
    peak (where its curve is furthest from its mean).  ``parts``: a composite score of other metrics (`analysis.score`),
    without a ``compute`` of its own.  ``standing_band``: of the difference running minus standing, where the runner's
    own posture is the better measure (`analysis.standing`).
    """

    key: str
    label: str
    unit: str
    group: Group
    question: str
    definition: str
    sign: str
    grades: Mapping[ViewName, Grade]
    mdc: float
    references: tuple[Reference, ...]
    errors: str
    compute: Callable[[Evidence], Measured | NotMeasured] | None = None
    bands: tuple[Band, ...] = ()
    praise: str = ""
    advice_high: Advice | None = None
    advice_low: Advice | None = None
    waveform: str | None = None
    decimals: int = 1
    film: str = ""
    needs: tuple[str, ...] = ("trunk",)
    posture: bool = False
    shown_at: str = "mid_stance"
    parts: tuple[Part, ...] = ()
    standing_band: Band | None = None

    def band_for(self, profile: Profile) -> Band | None:
        """The band that holds for this speed and sex; None outside the speeds that were studied.

        Speed not said: the common 2.2-4.5 m/s band.  Sex not said: the wider band.
        """
        speed = profile.speed_mps
        fits = [b for b in self.bands if speed is None or b.speed_mps[0] <= speed <= b.speed_mps[1]]
        if speed is None:
            fits = [b for b in fits if not b.times_speed and b.speed_mps[0] <= 3.3 <= b.speed_mps[1]]
        own = [b for b in fits if b.sex is None or b.sex is profile.sex]
        if not own and profile.sex is None:
            own = sorted(fits, key=lambda b: b.ok[1] if b.ok[1] is not None else float("inf"))[-1:]
        if not own:
            return None
        # A band of this sex is more specific than one for everybody.
        chosen = max(own, key=lambda b: b.sex is not None)
        if chosen.times_speed and speed is not None:
            return Band(_times(chosen.ok, speed), _times(chosen.watch, speed), chosen.speed_mps, chosen.sex)
        return chosen

    def advice(self, value: float, band: Band) -> Advice | None:
        """The advice for a value outside ``band``; None inside it."""
        low, high = band.ok
        if high is not None and value > high:
            return self.advice_high
        if low is not None and value < low:
            return self.advice_low
        return None

    def views(self) -> tuple[ViewName, ...]:
        """The views that can measure it, best first."""
        able = [v for v in ViewName if self.grades[v] is not Grade.X]
        return tuple(sorted(able, key=lambda v: self.grades[v]))


def _times(pair: tuple[float | None, float | None], factor: float) -> tuple[float | None, float | None]:
    low, high = pair
    return (None if low is None else low * factor, None if high is None else high * factor)


def grade_of(spec: MetricSpec, measured: Measured, view: ViewName) -> Grade:
    """The worse of the view's grade and the clip's own."""
    return max(spec.grades[view], measured.grade or Grade.A)


def assess(spec: MetricSpec, measured: Measured, view: ViewName, profile: Profile) -> Status:
    """Where the value lies against its band.

    A worse status needs the whole 95 % interval beyond the border, and grade C never flags: nothing flags inside
    its own error.  Without a band the number is information.
    """
    band = spec.band_for(profile)
    return Status.INFO if band is None else place(measured, band, grade_of(spec, measured, view))


def place(measured: Measured, band: Band, grade: Grade) -> Status:
    """Where a value of this grade lies against this band, by the rule of `assess`."""
    if _beyond(measured, band.watch):
        return Status.WATCH if grade is Grade.C else Status.FLAG
    return Status.WATCH if _beyond(measured, band.ok) else Status.OK


def _beyond(measured: Measured, border: tuple[float | None, float | None]) -> bool:
    low, high = border
    return (high is not None and measured.low > high) or (low is not None and measured.high < low)
