"""What a club's page can be narrowed to, as its address says it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from runform.desk.club.people import Person

STATES: dict[str, str | Promise] = {
    "": _("everybody"),
    "waiting": _("waiting for a coach"),
    "overdue": _("review overdue"),
    "unread": _("review not read yet"),
    "further": _("changed, further from OK"),
    "nearer": _("changed, nearer to OK"),
    "never": _("never filmed"),
}
ORDERS: dict[str, str | Promise] = {
    "urgent": _("what needs you first"),
    "name": _("name"),
    "last": _("longest not filmed"),
}
WEEKS_MAX = 520


@dataclass(frozen=True)
class Filter:
    """``weeks``: nothing filmed for so many; 0 = whenever."""

    squad: str = ""
    state: str = ""
    weeks: int = 0
    name: str = ""
    order: str = "urgent"

    @classmethod
    def read(cls, query: dict[str, str]) -> "Filter":
        """What is not understood is left out."""
        weeks = query.get("weeks", "")
        return cls(
            squad=query.get("squad", "")[:36],
            state=query.get("state", "") if query.get("state", "") in STATES else "",
            weeks=min(int(weeks), WEEKS_MAX) if weeks.isdecimal() and len(weeks) < 9 else 0,
            name=query.get("name", "").strip()[:60],
            order=query.get("order", "urgent") if query.get("order", "urgent") in ORDERS else "urgent",
        )

    @property
    def query(self) -> str:
        return urlencode({key: value for key, value in asdict(self).items() if value not in ("", 0, "urgent")})

    def of(self, people: Iterable[Person]) -> list[Person]:
        return _in_order([person for person in people if self._keeps(person)], self.order)

    def _keeps(self, person: Person) -> bool:
        return (
            (not self.squad or any(str(squad.code) == self.squad for squad in person.squads))
            and self.name.casefold() in person.athlete.name.casefold()
            and (not self.weeks or (person.shares and (person.weeks_ago is None or person.weeks_ago >= self.weeks)))
            and _is(person, self.state)
        )


def _is(person: Person, state: str) -> bool:
    return {
        "waiting": person.n_waiting > 0,
        "overdue": person.n_overdue > 0,
        "unread": person.n_unread > 0,
        "further": person.n_further > 0,
        "nearer": person.n_nearer > 0,
        "never": person.shares and person.last_on is None,
    }.get(state, True)


def _in_order(people: Sequence[Person], order: str) -> list[Person]:
    if order == "name":
        return sorted(people, key=lambda person: (person.athlete.name.casefold(), person.athlete.pk))
    if order == "last":
        return sorted(people, key=lambda person: (not person.shares, person.last_on or date.min, person.athlete.name))
    return sorted(people, key=lambda person: person.urgency)
