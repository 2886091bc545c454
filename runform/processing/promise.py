"""What a clip can give, said before it is uploaded.  Grades come from the metrics' specs, limits from the gates; the
page's script compares and knows no number of its own."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.gates.clip import FPS_FEET, FPS_MIN
from analysis.gates.person import CLOSE_SHARE, SMALL_PX
from analysis.gates.running import STANDING_MIN_S, STRIDES_GOOD, STRIDES_MIN
from analysis.metrics import METRICS
from analysis.metrics.footing import TIMED
from analysis.metrics.spec import Grade, MetricSpec
from analysis.types import ViewName
from runform.accounts.models import User
from runform.clips.models import FormCheck, Kind, Shows, View
from runform.clips.selectors import uploads_unfinished
from runform.reports.guide import GRADE_WORDS, NOT_YET
from runform.reports.rows import VIEW_LABELS

# A usual runner's: 170 steps a minute.
STRIDE_S = 120 / 170
TAPE = gettext_lazy("with tape dots")


@dataclass(frozen=True)
class Gives:
    """A metric that a view gives.  ``timed``: only with enough pictures a second; ``tape``: only with tape dots."""

    label: str
    grade: str
    timed: bool
    tape: bool


@dataclass(frozen=True)
class ViewPromise:
    view: str
    label: Promise | str
    metrics: tuple[Gives, ...]

    @property
    def well(self) -> list[Gives]:
        return [one for one in self.metrics if one.grade == Grade.A]

    @property
    def with_care(self) -> list[Gives]:
        return [one for one in self.metrics if one.grade == Grade.B]


def upload_context(check: FormCheck, user: User) -> dict[str, Any]:
    """What the upload part of a page shows to this person."""
    limits, found = settings.LIMITS, promises()
    return {
        "token": uuid.uuid4(),
        "kinds": Kind.choices,
        "views": View.choices,
        "shows": attestations(check.athlete, user),
        "max_size": filesizeformat(limits.clip_bytes),
        "max_clips": limits.clips_per_check,
        "promises": found,
        "promise": for_script(found),
        "unfinished": uploads_unfinished(check),
    }


def attestations(athlete: User, by: User) -> list[tuple[str, str]]:
    """Who is in the clip, in the words of whoever uploads it."""
    only = str(Shows.SELF.label) if by == athlete else _("only %(athlete)s") % {"athlete": athlete}
    return [(Shows.SELF, only), (Shows.AGREED, str(Shows.AGREED.label))]


def promises() -> list[ViewPromise]:
    running = [ViewPromise(view, VIEW_LABELS[view], _of_view(view)) for view in ViewName]
    posture = tuple(_gives(spec, Grade.A) for spec in METRICS if spec.posture and spec.key not in NOT_YET)
    return [*running, ViewPromise("standing", VIEW_LABELS["standing"], posture)]


def for_script(found: list[ViewPromise]) -> dict[str, Any]:
    """The same as JSON, with the limits and the sentences that the script fills in."""
    return {
        "views": {
            one.view: [{"label": m.label, "grade": m.grade, "timed": m.timed, "tape": m.tape} for m in one.metrics]
            for one in found
        },
        "grades": {str(grade): str(words) for grade, words in GRADE_WORDS.items()},
        "limits": {
            "fpsMin": FPS_MIN,
            "fpsFeet": FPS_FEET,
            "stride": STRIDE_S,
            "stridesMin": STRIDES_MIN,
            "stridesGood": STRIDES_GOOD,
            "standing": STANDING_MIN_S,
            "smallPx": SMALL_PX / CLOSE_SHARE,
            "maxBytes": settings.LIMITS.clip_bytes,
        },
        "words": _words(),
    }


def _of_view(view: ViewName) -> tuple[Gives, ...]:
    seen = [(spec, spec.grades[view]) for spec in METRICS if spec.key not in NOT_YET]
    return tuple(_gives(spec, grade) for spec, grade in seen if grade is not Grade.X)


def _gives(spec: MetricSpec, grade: Grade) -> Gives:
    return Gives(spec.label, str(grade), spec.key in TIMED, "tape" in spec.film)


def _words() -> dict[str, str]:
    return {
        "facts": _("{seconds} s · {width} × {height} · {fps} pictures a second"),
        "factsShort": _("{seconds} s · {width} × {height}"),
        "tape": str(TAPE),
        "count": _("{n} of {all} numbers"),
        "notAtThisRate": _("Not at {fps} pictures a second; film with 60 or more"),
        "chooseView": _("Say from where it was filmed, and you see what this clip can give."),
        "large": _("This file is larger than {max} MB. Cut it to about 20 seconds of steady running."),
        "empty": _("This file is empty."),
        "unreadable": _("Your browser cannot look into this file. You can send it all the same: we will try."),
        "unplayable": _(
            "Your browser cannot show this kind of video ({codec}). Nothing is wrong with it: we can read it, and the "
            "results page gets a copy that every browser plays."
        ),
        "fewPictures": _(
            "Only {fps} pictures a second: too few to follow a runner. Film with 60, and send the original, not a copy "
            "from a messenger."
        ),
        "noFeet": _("{fps} pictures a second: fine for torso and head; the times of the feet need 60 or more."),
        "short": _("{seconds} s hold about {n} strides; at least {min} are needed. Film 20 to 30 seconds."),
        "few": _("{seconds} s hold about {n} strides: the numbers will be less sure. Film 20 to 30 seconds."),
        "shortStanding": _("Too short for a standing clip: five seconds are needed."),
        "small": _("The picture is only {height} pixels high: the runner will be small in it. Send the original."),
        "across": _("Filmed across: held upright, the phone shows the runner larger."),
        "good": _("Length, size and frame rate are fine."),
        "stretch": _("Only {from} s to {to} s is analysed ({n} s)."),
        "cut": _("Only this part is sent: about {mb} MB instead of {all} MB."),
        "waiting": _("Waiting for its turn …"),
        "cutting": _("Cutting, without loss …"),
        "sending": _("Uploading {percent} %"),
        "speed": _("{speed} MB/s, {left} left"),
        "seconds": _("about {n} s"),
        "minutes": _("about {n} min"),
        "storing": _("Almost there …"),
        "offline": _("No connection. It goes on by itself as soon as there is one."),
        "retrying": _("The line broke. Trying again …"),
        "failed": _("The upload did not work. What has arrived is kept: press “Upload” to go on."),
        "refused": _("This clip cannot be taken."),
        "cancel": _("Cancel"),
        "remove": _("Remove"),
    }
