"""What the pages say, as plain texts."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from runform.desk.club.squads import GROUP_MIN, Picture
from runform.desk.season.facts import QUIET, Changes, Coverage, Season
from runform.reports.rows import SPECS


def build_content(season: Season, *, made: str) -> Mapping[str, Any]:
    order = {key: number for number, key in enumerate(SPECS)}
    changes = sorted((one for one in season.changes if one.key in order), key=lambda one: order[one.key])
    return {
        "words": _words(season),
        "club": season.club.name,
        "span": _("%(start)s to %(end)s")
        % {"start": date_format(season.start, "DATE_FORMAT"), "end": date_format(season.end, "DATE_FORMAT")},
        "made": made,
        "facts": _facts(season),
        "months": [[date_format(one.first_on, "M Y"), one.checks, one.athletes] for one in season.months],
        "coverage": [_coverage(one) for one in season.squads],
        "changes": [_change(one) for one in changes],
        "pictures": [_picture(one) for one in season.pictures],
        "squads": [
            {"name": name, "rows": [_picture(one) for one in rows]} for name, rows in season.squad_pictures.items()
        ],
    }


def small_text(n: int, of: int) -> str:
    """A count that gives nobody away: neither a few, nor all but a few."""
    if n == 0:
        return "–"
    if n < GROUP_MIN:
        return _("under %(n)d") % {"n": GROUP_MIN}
    return _("nearly all") if of - n < GROUP_MIN else str(n)


def _facts(season: Season) -> list[list[str]]:
    whole = season.whole
    days = season.median_days
    facts = [
        (_("Athletes"), str(whole.n)),
        (_("of whom agreed to be filmed and coached"), str(whole.agreed)),
        (_("of whom were filmed"), str(whole.filmed)),
        (_("not filmed in the last %(n)d weeks") % {"n": QUIET.days // 7}, str(whole.quiet)),
        (_("FormChecks"), str(season.n_checks)),
        (_("reviewed by a coach"), str(season.n_reviewed)),
        (_("Days from film to review, median"), "–" if days is None else number_format(round(days, 1), 1)),
    ]
    return [list(fact) for fact in facts]


def _coverage(one: Coverage) -> list[str]:
    """Of a small squad its size alone."""
    if one.n < GROUP_MIN:
        return [one.name, str(one.n), "–", "–", "–"]
    return [one.name, str(one.n), str(one.agreed), str(one.filmed), str(one.quiet)]


def _change(one: Changes) -> list[str]:
    return [SPECS[one.key].label, str(one.n), small_text(one.nearer, one.n), small_text(one.further, one.n)]


def _picture(one: Picture) -> list[str]:
    return [one.spec.label, str(one.n), one.median_text, one.quarters_text, one.ok_text]


def _words(season: Season) -> Mapping[str, str]:
    counted = ngettext("%(n)d athlete agreed", "%(n)d athletes agreed", season.counted) % {"n": season.counted}
    return {
        "title": _("Season report"),
        "made": _("made on"),
        "page": _("Page"),
        "nameless": _(
            "Nobody is named in this report, and nothing that was measured is shown of fewer than %(n)d people."
        )
        % {"n": GROUP_MIN},
        "short": _("In short"),
        "coverage": _("Who was filmed"),
        "months": _("FormChecks by month; in brackets how many athletes"),
        "no_checks": _("Nobody was filmed in this time."),
        "squads": _("Squads"),
        "squad": _("Squad"),
        "athletes": _("Athletes"),
        "agreed": _("Agreed"),
        "filmed": _("Filmed"),
        "quiet": _("Not lately"),
        "changes": _("What changed beyond noise"),
        "changes_text": _(
            "Of each athlete the newest number of the season against the last one taken under like conditions (view,"
            " speed, surface, version of the analysis). Only what moved by more than the smallest detectable change"
            " counts."
        ),
        "no_changes": _("Too few athletes have numbers of this season."),
        "metric": _("Metric"),
        "nearer": _("Nearer to OK"),
        "further": _("Further from OK"),
        "picture": _("The club in each metric"),
        "picture_text": _(
            "%(counted)s to be counted; of each the newest number. Half of them lie between the quarters."
        )
        % {"counted": counted},
        "no_picture": _("Too few athletes agreed to be counted: no picture of the club is shown."),
        "median": _("Median"),
        "quarters": _("Quarters"),
        "ok": _("OK"),
        "limits": _(
            "Different views, speeds and surfaces are counted together, and numbers that are only a hint are left out:"
            " this is a picture of a group, not a measurement of anyone. Bands come from published studies; see each"
            " metric's page."
        ),
    }
