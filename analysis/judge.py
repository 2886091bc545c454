"""Every metric of the catalogue on one clip: measured with its status, or not measured with the reason."""

from analysis.metrics import METRICS
from analysis.metrics.spec import Grade, Measured, MetricSpec, NotMeasured, assess, grade_of
from analysis.report import Measurement
from analysis.types import Evidence, ViewName

VIEW_WORDS = {ViewName.SIDE: "from the side", ViewName.REAR: "from behind", ViewName.FRONT: "from the front"}
# A part of the body must be seen in this share of the frames before anything is read from it.
SEEN_MIN = 0.75


def judge(evidence: Evidence) -> tuple[Measurement, ...]:
    """One `Measurement` per metric, in the catalogue's order."""
    return tuple(_judge(spec, evidence) for spec in METRICS)


def not_measured(spec: MetricSpec, reason: str) -> Measurement:
    """A metric without a number."""
    return Measurement(spec, NotMeasured(reason), Grade.X, None, None)


def _judge(spec: MetricSpec, evidence: Evidence) -> Measurement:
    view = evidence.view.name
    if spec.grades[view] is Grade.X:
        return not_measured(spec, _film_instead(spec, view))
    if evidence.profile.kind == "standing" and not spec.posture:
        return not_measured(spec, "A standing clip shows posture only. Film a run for this one.")
    for part in spec.needs:
        if evidence.visible[part] < SEEN_MIN:
            return not_measured(
                spec, f"The {part} could not be seen well enough. Keep the whole runner in the picture."
            )
    result = spec.compute(evidence)
    if isinstance(result, NotMeasured):
        return not_measured(spec, result.reason)
    band = spec.band_for(evidence.profile)
    status = assess(spec, result, view, evidence.profile)
    return Measurement(spec, result, grade_of(spec, result, view), status, band)


def _film_instead(spec: MetricSpec, view: ViewName) -> str:
    """Why this view does not show the metric, and which one does."""
    if spec.film:
        return spec.film
    able = [VIEW_WORDS[v] for v in spec.views()]
    where = " or ".join(able) if able else "in another way"
    return f"It cannot be seen {VIEW_WORDS[view]}. Film {where}."


def is_measured(measurement: Measurement) -> bool:
    """Whether there is a number."""
    return isinstance(measurement.result, Measured)
