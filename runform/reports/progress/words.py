"""How a comparison is said."""

from django.utils.translation import gettext_lazy as _

from analysis.compare import Verdict, Way, Why

VERDICTS = {
    Verdict.CHANGED: _("changed"),
    Verdict.NO_CLEAR_CHANGE: _("no clear change"),
    Verdict.HINT: _("a hint only"),
    Verdict.NOT_COMPARABLE: _("not comparable"),
}
WAYS = {
    Way.NEARER: _("nearer to OK"),
    Way.FURTHER: _("further from OK"),
    Way.WITHIN: _("OK before and after"),
    Way.NO_BAND: "",
}
REASONS = {
    Why.VIEW: _("filmed from another side"),
    Why.SPEED: _("speeds more than 5 % apart"),
    Why.SPEED_UNKNOWN: _("a speed was not said"),
    Why.SURFACE: _("another surface"),
    Why.INCLINE: _("another incline"),
    Why.VERSION: _("another version of the analysis"),
    Why.SOURCE: _("measured in another way"),
}
