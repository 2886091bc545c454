"""What was put right and marked, in words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from runform.clips.models import View
from runform.core.templatetags.runform import speed

Item = Mapping[str, Any]

# The points that the player draws, by their number, left and right the runner's own.
POINTS = {
    0: gettext_lazy("nose"),
    7: gettext_lazy("left ear"),
    8: gettext_lazy("right ear"),
    11: gettext_lazy("left shoulder"),
    12: gettext_lazy("right shoulder"),
    13: gettext_lazy("left elbow"),
    14: gettext_lazy("right elbow"),
    15: gettext_lazy("left wrist"),
    16: gettext_lazy("right wrist"),
    23: gettext_lazy("left hip"),
    24: gettext_lazy("right hip"),
    25: gettext_lazy("left knee"),
    26: gettext_lazy("right knee"),
    27: gettext_lazy("left ankle"),
    28: gettext_lazy("right ankle"),
    29: gettext_lazy("left heel"),
    30: gettext_lazy("right heel"),
    31: gettext_lazy("left toe"),
    32: gettext_lazy("right toe"),
}
EVENTS = {
    ("foot_strike", "left"): gettext_lazy("left foot strike"),
    ("foot_strike", "right"): gettext_lazy("right foot strike"),
    ("toe_off", "left"): gettext_lazy("left toe-off"),
    ("toe_off", "right"): gettext_lazy("right toe-off"),
}
EVENT_SENTENCES = {
    "move": gettext_lazy("%(event)s moved from %(t)s to %(to)s s"),
    "add": gettext_lazy("%(event)s added at %(t)s s"),
    "remove": gettext_lazy("%(event)s removed at %(t)s s"),
}


@dataclass(frozen=True)
class Said:
    """What one person put right."""

    name: str
    sentences: list[str]


def say(item: Item, speed_unit: str) -> str:
    """One correction as a sentence without its end."""
    match item["kind"]:
        case "view":
            return _("filmed %(view)s") % {"view": View(item["view"]).label}
        case "speed":
            return _("speed %(speed)s") % {"speed": speed(item["speed_mps"], speed_unit)}
        case "slow_motion" if item.get("true_fps"):
            return _("filmed at %(n)s pictures a second") % {"n": _number(item["true_fps"], 0)}
        case "slow_motion" if item["factor"] == 1:
            return _("in real time, not in slow motion")
        case "slow_motion":
            return _("slow motion, %(n)s times slower") % {"n": _number(item["factor"], 1)}
        case "runner":
            return _("another person followed, pointed at %(t)s s") % {"t": _number(item["t_s"])}
        case "stretch" if item.get("end_s") is None:
            return _("measured from %(t)s s on") % {"t": _number(item["start_s"])}
        case "stretch":
            ends = {"a": _number(item["start_s"]), "b": _number(item["end_s"])}
            return _("measured from %(a)s to %(b)s s") % ends
        case "event":
            names = {"event": EVENTS[item["event"], item["side"]], "t": _number(item["t_s"])}
            return EVENT_SENTENCES[item["action"]] % {**names, "to": _number(item.get("to_s") or 0)}
    return _("%(point)s moved at %(t)s s") % {"point": POINTS.get(item["point"], ""), "t": _number(item["t_s"])}


def say_corrections(items: Iterable[Item], speed_unit: str) -> list[Said]:
    """All corrections, by who made them; many points and events are counted."""
    by_name: dict[str, list[Item]] = {}
    for item in items:
        by_name.setdefault(item.get("by") or _("somebody"), []).append(item)
    return [Said(name, _sentences(said, speed_unit)) for name, said in by_name.items()]


def say_marks(items: Iterable[Item]) -> list[Said]:
    """Lines, by who drew them."""
    counts: dict[str, Counter[str]] = {}
    for item in items:
        line = item.get("line") or item["kind"]
        counts.setdefault(item.get("marked_by") or _("somebody"), Counter())[line] += 1
    return [Said(name, [_lines(line, n) for line, n in lines.items()]) for name, lines in counts.items()]


def _sentences(items: list[Item], speed_unit: str) -> list[str]:
    few = [item for item in items if item["kind"] not in ("landmark", "event")]
    points = [item for item in items if item["kind"] == "landmark"]
    events = [item for item in items if item["kind"] == "event"]
    out = [say(item, speed_unit) for item in few]
    for many, words in ((events, _events), (points, _points)):
        out += [say(item, speed_unit) for item in many] if len(many) < 3 else [words(len(many))]
    return out


def _events(n: int) -> str:
    return ngettext("%(n)d foot strike or toe-off", "%(n)d foot strikes and toe-offs", n) % {"n": n}


def _points(n: int) -> str:
    return ngettext("%(n)d body point", "%(n)d body points", n) % {"n": n}


def _lines(line: str, n: int) -> str:
    texts = {
        "waist": ngettext("%(n)d line along the waistband", "%(n)d lines along the waistband", n),
        "shoulders": ngettext("%(n)d line along the shoulders", "%(n)d lines along the shoulders", n),
        "deck_line": ngettext("%(n)d line along the deck", "%(n)d lines along the deck", n),
    }
    return texts[line] % {"n": n}


def _number(value: float, decimals: int = 2) -> str:
    return number_format(value, decimal_pos=decimals)
