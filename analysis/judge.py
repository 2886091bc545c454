"""Every metric of the catalogue on one clip: measured with its status, or not measured with the reason."""

from dataclasses import replace

from analysis.gates.gate import UPRIGHT
from analysis.heading.oblique import leak_sd
from analysis.metrics import METRICS
from analysis.metrics.estimate import widened
from analysis.metrics.spec import Grade, Measured, MetricSpec, NotMeasured, assess, grade_of
from analysis.report import Measurement
from analysis.score import Scored, compute_score
from analysis.types import Evidence, ViewName

VIEW_WORDS = {ViewName.SIDE: "from the side", ViewName.REAR: "from behind", ViewName.FRONT: "from the front"}
ALWAYS_POSITIVE = "Always positive."
# A part of the body must be seen in this share of the frames before anything is read from it.
SEEN_MIN = 0.75


def judge(evidence: Evidence) -> tuple[Measurement, ...]:
    """One `Measurement` per metric, in the catalogue's order; the composite scores are read from all the others."""
    out: dict[str, Measurement] = {}
    for spec in METRICS:
        if spec.compute is not None:
            reason = _forbidden(spec, evidence)
            out[spec.key] = _assessed(spec, NotMeasured(reason) if reason else spec.compute(evidence), evidence)
    found = {key: Scored(m.result, m.grade, m.band) for key, m in out.items() if isinstance(m.result, Measured)}
    for spec in METRICS:
        if spec.parts:
            reason = _forbidden(spec, evidence)
            out[spec.key] = _assessed(spec, NotMeasured(reason) if reason else compute_score(spec, found), evidence)
    return tuple(out[spec.key] for spec in METRICS)


def not_measured(spec: MetricSpec, reason: str) -> Measurement:
    """A metric without a number."""
    return Measurement(spec, NotMeasured(reason), Grade.X, None, None)


def _forbidden(spec: MetricSpec, evidence: Evidence) -> str | None:
    """Why this clip cannot show the metric at all; None when it can."""
    view = evidence.view.name
    if spec.grades[view] is Grade.X:
        return _film_instead(spec, view)
    if evidence.profile.kind == "standing" and not spec.posture:
        return "A standing clip shows posture only. Film a run for this one."
    if lost := evidence.notes.get("costs", {}).get(spec.key):
        return str(lost)
    for part in spec.needs:
        if evidence.visible[part] < SEEN_MIN:
            return f"The {part} could not be seen well enough. Keep the whole runner in the picture."
    return None


def _assessed(spec: MetricSpec, result: Measured | NotMeasured, evidence: Evidence) -> Measurement:
    """The number against its band."""
    if isinstance(result, NotMeasured):
        return not_measured(spec, result.reason)
    if doubt := evidence.notes.get("doubts", {}).get(spec.key):
        result = replace(result, grade=Grade.C, note=" ".join(text for text in (result.note, doubt) if text))
    if spec.key in UPRIGHT and spec.unit == "deg":
        result = widened(result, evidence.notes.get("roll_sd_deg", 0.0))
    low = result.low
    result = widened(result, leak_sd(spec.key, evidence.heading))
    if low >= 0 > result.low and spec.sign == ALWAYS_POSITIVE:
        result = replace(result, low=0.0)
    band = spec.band_for(evidence.profile)
    status = assess(spec, result, evidence.view.name, evidence.profile)
    return Measurement(spec, result, grade_of(spec, result, evidence.view.name), status, band)


def _film_instead(spec: MetricSpec, view: ViewName) -> str:
    """Why this view does not show the metric, and which one does."""
    if spec.film:
        return spec.film
    able = [VIEW_WORDS[v] for v in spec.views()]
    where = " or ".join(able) if able else "in another way"
    return f"It cannot be seen {VIEW_WORDS[view]}. Film {where}."
