from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from runform.reports.guide import FILM_VIEWS, FilmView
from runform.reports.models import MetricResult
from runform.reports.rows import SPECS, metric_row

register = template.Library()


@register.filter
def of(found: Mapping[Any, Any] | None, key: Any) -> Any:
    """What a mapping holds for a key that only the template knows."""
    return found.get(key) if found else None


@register.filter
def metric_name(key: str) -> str:
    """A metric's label; its key when it is measured no more."""
    return SPECS[key].label if key in SPECS else key.replace("_", " ")


@register.filter
def metric_value(result: MetricResult) -> str:
    """The number with its unit."""
    row = metric_row(result)
    return f"{row.value}{row.suffix}" if row.measured else _("no number")


@register.filter
def capture_card(view: str) -> FilmView | None:
    """How to film a view: the card of the page "How to film"."""
    return next((card for card in FILM_VIEWS if card.key == view), None)
