"""Clubs, as far as their pages show them."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from runform.accounts.models import User
from runform.api import schemas
from runform.api.access import ApiRequest, needs
from runform.api.paging import Page, Paging, page_of
from runform.api.scopes import Scope
from runform.api.v1.people import person
from runform.clubs.models import Club, Membership
from runform.clubs.selectors import clubs_visible_to, members_visible_to, squads_of
from runform.desk.club.people import may_see_people

router = Router(tags=["clubs"])
READ = needs(Scope.READ_CLUB)


@router.get("/clubs", **READ, response=list[schemas.Club], url_name="clubs")
def clubs(request: ApiRequest) -> list[schemas.Club]:
    """Those whose member you are."""
    return _clubs_out(request.user, list(clubs_visible_to(request.user)))


@router.get("/clubs/{uuid:code}", **READ, response=schemas.Club, url_name="club")
def club(request: ApiRequest, code: uuid.UUID) -> schemas.Club:
    return _clubs_out(request.user, [_club(request.user, code)])[0]


@router.get("/clubs/{uuid:code}/members", **READ, response=Page[schemas.Member], url_name="club_members")
def club_members(request: ApiRequest, code: uuid.UUID, paging: Query[Paging]) -> dict[str, Any]:
    """A manager sees everybody; others see who runs the club, and their own."""

    def build(found: Sequence[Membership]) -> list[dict[str, Any]]:
        return [
            {"code": one.code, "person": person(one.user), "role": one.role, "joined_at": one.joined_at}
            for one in found
        ]

    return page_of(request, members_visible_to(request.user, _club(request.user, code)), paging, build)


@router.get("/clubs/{uuid:code}/squads", **READ, response=list[schemas.Squad], url_name="club_squads")
def club_squads(request: ApiRequest, code: uuid.UUID) -> list[schemas.Squad]:
    """For managers and coaches."""
    found = _club(request.user, code)
    if not may_see_people(request.user, found):
        raise Http404
    shown = set(members_visible_to(request.user, found).values_list("pk", flat=True))
    return [
        schemas.Squad(
            code=squad.code,
            name=squad.name,
            athletes=[person(one.user) for one in squad.present if one.pk in shown],  # type: ignore[attr-defined]
        )
        for squad in squads_of(found)
    ]


def _club(user: User, code: uuid.UUID) -> Club:
    return get_object_or_404(clubs_visible_to(user), code=code)


def _clubs_out(user: User, found: list[Club]) -> list[schemas.Club]:
    rows = Membership.objects.filter(user=user, club__in=found, ended_at=None).order_by("pk")
    roles: dict[int, list[Any]] = {}
    for club, role in rows.values_list("club", "role"):
        roles.setdefault(club, []).append(role)
    return [
        schemas.Club(code=one.code, name=one.name, created_at=one.created_at, roles=roles.get(one.pk, []))
        for one in found
    ]
