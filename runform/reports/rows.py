"""One metric as the results page shows it: numbers as text, band in words, texts from the metric's own spec."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.metrics import METRICS
from analysis.metrics.spec import Group, MetricSpec
from runform.reports.charts import Band, Border, IntervalBar, interval_bar, unit_suffix
from runform.reports.models import MetricResult

SPECS: Mapping[str, MetricSpec] = {spec.key: spec for spec in METRICS}

VIEW_LABELS = {
    "side": gettext_lazy("From the side"),
    "rear": gettext_lazy("From behind"),
    "front": gettext_lazy("From the front"),
    "standing": gettext_lazy("Standing"),
}
GROUP_LABELS = {
    Group.TORSO: gettext_lazy("Torso"),
    Group.HEAD: gettext_lazy("Head"),
    Group.RUNNING: gettext_lazy("Running"),
    Group.WHOLE: gettext_lazy("Overall"),
}


def view_label(view: str) -> str:
    return str(VIEW_LABELS.get(view, _("Clip")))


def number_text(number: float | None, decimals: int) -> str:
    """In the reader's language, with a true minus sign; never "-0"."""
    if number is None:
        return ""
    return str(number_format(round(number, decimals) + 0.0, decimals)).replace("-", "−")


def border_text(border: Border, decimals: int, unit: str) -> str:
    """A stretch in words: "2 to 12°", "up to 12°", "from 2°"; "any" when it is open to both sides."""
    low, high = (number_text(number, decimals) for number in border)
    words = {"low": low, "high": high, "unit": unit}
    if low and high:
        return _("%(low)s to %(high)s%(unit)s") % words
    if high:
        return _("up to %(high)s%(unit)s") % words
    return _("from %(low)s%(unit)s") % words if low else _("any")


@dataclass(frozen=True)
class MetricRow:
    """One metric of the FormCheck, from the clip that measures it best."""

    result: MetricResult
    spec: MetricSpec | None
    band: Band | None
    bar: IntervalBar | None

    @property
    def key(self) -> str:
        return self.result.key

    @property
    def label(self) -> str:
        """An old report may hold a metric that is measured no more."""
        return self.spec.label if self.spec else self.key.replace("_", " ").capitalize()

    @property
    def group(self) -> Group:
        return self.spec.group if self.spec else Group.WHOLE

    @property
    def measured(self) -> bool:
        return self.result.value is not None

    @property
    def status(self) -> str:
        return self.result.status

    @property
    def suffix(self) -> str:
        return unit_suffix(self.result.unit)

    @property
    def value(self) -> str:
        return self._text(self.result.value)

    @property
    def low(self) -> str:
        return self._text(self.result.low)

    @property
    def high(self) -> str:
        return self._text(self.result.high)

    @property
    def view_label(self) -> str:
        return view_label(self.result.view)

    @property
    def band_text(self) -> str:
        """The ok band in words; empty without one."""
        if self.band is None:
            return ""
        return _("OK %(borders)s") % {"borders": border_text(self.band.ok, self.decimals, self.suffix)}

    @property
    def answer(self) -> str:
        """The metric's question answered in one plain sentence, by its status alone."""
        if self.spec is None or self.band is None or self.result.value is None:
            return _("For your information: there is no right or wrong here.")
        if self.status == "ok":
            return self.spec.praise or _("Within the usual range.")
        high = self.band.ok[1] is not None and self.result.value > self.band.ok[1]
        advice = self.spec.advice_high if high else self.spec.advice_low
        return f"{advice.title}." if advice else _("Outside the usual range.")

    @property
    def decimals(self) -> int:
        return self.spec.decimals if self.spec else 1

    def _text(self, number: float | None) -> str:
        return number_text(number, self.decimals)


def metric_row(result: MetricResult) -> MetricRow:
    band = Band.from_json(result.band)
    return MetricRow(result, SPECS.get(result.key), band, _bar(result, band))


def _bar(result: MetricResult, band: Band | None) -> IntervalBar | None:
    if band is None or result.value is None or result.low is None or result.high is None:
        return None
    return interval_bar(result.value, result.low, result.high, band)
