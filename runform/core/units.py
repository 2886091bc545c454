"""Speeds as people say them; stored in m/s."""

from django.db import models
from django.utils.translation import gettext_lazy as _

KM_PER_MILE = 1.609344


class SpeedUnit(models.TextChoices):
    KMH = "kmh", _("km/h")
    MIN_KM = "min_km", _("min/km")
    MPH = "mph", _("mph")


def speed_to_mps(text: str, unit: str) -> float:
    """``"12,5"`` km/h, ``"5:30"`` min/km (or ``"5.5"`` minutes), ``"7.8"`` mph as m/s; ValueError when it is none."""
    text = text.strip().replace(",", ".")
    if unit == SpeedUnit.MIN_KM:
        minutes, colon, seconds = text.partition(":")
        if colon and not (seconds.isdigit() and len(seconds) == 2 and int(seconds) < 60):
            raise ValueError(text)
        total_min = float(minutes) + (int(seconds) / 60 if colon else 0)
        if not total_min > 0:
            raise ValueError(text)
        return 1000 / (total_min * 60)
    value = float(text)
    return value * (KM_PER_MILE if unit == SpeedUnit.MPH else 1) / 3.6


def speed_from_mps(speed_mps: float, unit: str) -> str:
    """The number alone, in the person's unit."""
    if unit == SpeedUnit.MIN_KM:
        seconds = round(1000 / speed_mps)
        return f"{seconds // 60}:{seconds % 60:02d}"
    value = speed_mps * 3.6 / (KM_PER_MILE if unit == SpeedUnit.MPH else 1)
    return f"{value:.1f}"
