"""Two reports of one clip, number by number: what another version of the analysis, or a correction, made of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from runform.reports.charts import unit_suffix
from runform.reports.models import MetricResult, Report
from runform.reports.rows import SPECS, number_text


@dataclass(frozen=True)
class Difference:
    """One metric before and after; None where a report does not have it."""

    key: str
    before: MetricResult | None
    after: MetricResult | None

    @property
    def by(self) -> float | None:
        """After minus before, in the metric's unit."""
        then, now = _value(self.before), _value(self.after)
        return None if then is None or now is None else now - then

    @property
    def appeared(self) -> bool:
        return _value(self.before) is None and _value(self.after) is not None

    @property
    def gone(self) -> bool:
        return _value(self.before) is not None and _value(self.after) is None

    @property
    def beyond_interval(self) -> bool:
        """The new value lies outside the 95 % interval of the old one; the same film, so it is the analysis."""
        then, now = self.before, _value(self.after)
        if then is None or now is None or then.low is None or then.high is None:
            return False
        return not then.low <= now <= then.high

    @property
    def beyond_mdc(self) -> bool:
        """More than the smallest change that would be told of an athlete."""
        spec = SPECS.get(self.key)
        return self.by is not None and spec is not None and abs(self.by) > spec.mdc

    @property
    def status_changed(self) -> bool:
        return self.by is not None and _status(self.before) != _status(self.after)

    @property
    def label(self) -> str:
        return label_of(self.key)

    @property
    def before_text(self) -> str:
        return self._text(self.before)

    @property
    def after_text(self) -> str:
        return self._text(self.after)

    @property
    def by_text(self) -> str:
        return "" if self.by is None else shift_text(self.key, self.by)

    def _text(self, result: MetricResult | None) -> str:
        if result is None or result.value is None:
            return "–"
        spec = SPECS.get(self.key)
        return number_text(result.value, spec.decimals if spec else 1) + unit_suffix(result.unit)


def label_of(key: str) -> str:
    """An old report may hold a metric that is measured no more."""
    return SPECS[key].label if key in SPECS else key.replace("_", " ").capitalize()


def shift_text(key: str, by: float) -> str:
    """With its sign; of a metric that is measured no more without a unit."""
    spec = SPECS.get(key)
    text = number_text(by, spec.decimals if spec else 1)
    return ("+" if by > 0 and text.strip("0.,") else "") + text + (unit_suffix(spec.unit) if spec else "")


def differences_of(before: Report, after: Report) -> Iterator[Difference]:
    """Of every metric that either of them measured, in the order of the newer one."""
    then = {result.key: result for result in before.metrics.all()}
    now = {result.key: result for result in after.metrics.all()}
    for key in dict.fromkeys([*now, *then]):
        difference = Difference(key, then.get(key), now.get(key))
        if _value(difference.before) is not None or _value(difference.after) is not None:
            yield difference


def _value(result: MetricResult | None) -> float | None:
    return None if result is None else result.value


def _status(result: MetricResult | None) -> str:
    return "" if result is None else result.status
