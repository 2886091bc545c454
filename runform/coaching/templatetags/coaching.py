from collections.abc import Mapping
from typing import Any

from django import template

from runform.reports.guide import FILM_VIEWS, FilmView
from runform.reports.rows import SPECS

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
def capture_card(view: str) -> FilmView | None:
    """How to film a view: the card of the page "How to film"."""
    return next((card for card in FILM_VIEWS if card.key == view), None)
