"""Filters and tags that every page may use."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
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
