"""Fixed words of the printed report, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

STATUSES = {"ok": _("OK"), "watch": _("Watch"), "flag": _("Work on it"), "info": _("For information")}
GRADES = {"measured": _("Measured"), "caveated": _("With care"), "not_measured": _("Not measured")}


def page_words() -> Mapping[str, str]:
    return {
        "title": _now("Running form report"),
        "made": _now("Report made on"),
        "automatic": _now("Automatic report, not reviewed by a coach."),
        "coach": _now("What the coach says"),
        "work": _now("To work on"),
        "nothing": _now("Nothing stands out"),
        "nothing_text": _now(
            "Everything that these clips can measure lies inside its band, or too close to the border to say."
        ),
        "no_numbers": _now("There are no numbers"),
        "refused": _now("This clip could not be measured"),
        "see_first": _now(
            "Please see a professional first: a doctor or a physiotherapist. What was said about pain needs a look."
        ),
        "held_back": _now("No drills for this while it hurts there."),
        "good": _now("What is good already"),
        "scores": _now("All in all"),
        "limits": _now("What limits these numbers"),
        "note": _now("Note"),
        "drills": _now("Drills"),
        "why": _now("Why it matters"),
        "numbers": _now("All numbers"),
        "metric": _now("Metric"),
        "value": _now("Value"),
        "interval": _now("Range"),
        "band": _now("Band"),
        "status": _now("Status"),
        "sure": _now("How sure"),
        "view": _now("View"),
        "charts": _now("Through the stride"),
        "charts_text": _now(
            "The mean of all strides, from one right foot strike to the next, with one standard deviation each way."
        ),
        "missing": _now("Not measured, and why"),
        "definitions": _now("What the numbers mean"),
        "limits_text": _now(
            "The range holds the true value 95 times in 100. A number marked “with care” has an error that matters and "
            "is never flagged on its own. RunForm measures how you move. It does not diagnose. If it hurts, see a "
            "professional first."
        ),
        "version": _now("Analysis"),
        "left_right": _now("Left and right are always the runner's own."),
        "page": _now("Page"),
    }
