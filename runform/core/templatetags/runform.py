"""Filters and tags that every page may use."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from runform.core.media import media_url as signed_url
from runform.core.units import SpeedUnit, speed_from_mps

register = template.Library()


@register.filter
def speed(speed_mps: float | None, unit: str) -> str:
    """A stored speed in the reader's unit: ``{{ check.speed_mps|speed:unit }}``."""
    if not speed_mps:
        return _("speed unknown")
    unit = unit if unit in SpeedUnit.values else SpeedUnit.KMH
    return f"{speed_from_mps(speed_mps, unit)} {SpeedUnit(unit).label}"


@register.filter
def megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1024 / 1024:.1f} MB"


@register.simple_tag(takes_context=True)
def media_url(context: RequestContext, name: str, *args: Any) -> str:
    """Like ``{% url %}``, for pictures, films and sounds: the address opens for this reader alone, for some hours."""
    return signed_url(context["request"], reverse(name, args=args))


@register.simple_tag
def piece(component: str, **told: str) -> SafeString:
    """``{% include %}`` of a component that knows what it is told and nothing else: drawn once in each language, for a
    page shows the same few a hundred times."""
    draw = _drawn if settings.DEBUG else _drawn_once
    return draw(component, get_language(), tuple(told.items()))


def _drawn(component: str, language: str | None, told: tuple[tuple[str, str], ...]) -> SafeString:
    return render_to_string(f"components/{component}.html", dict(told))


_drawn_once = lru_cache(maxsize=200)(_drawn)


@register.simple_tag
def table_rows(rows: Iterable[Iterable[str]]) -> SafeString:
    """Lines of a table, their first cell as its head.  A page has hundreds of them: drawn by the template, cell by
    cell, they would take longer than everything else on it."""
    return mark_safe("".join(_table_row(*map(conditional_escape, row)) for row in rows))


def _table_row(head: str, *cells: str) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
