"""Who I am, and whom I see."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from runform.accounts.models import User
from runform.api import schemas
from runform.api.access import ApiRequest, needs
from runform.api.paging import Page, Paging, page_of
from runform.api.scopes import Scope
from runform.clubs.models import Membership
from runform.clubs.selectors import athletes_visible_to

router = Router(tags=["people"])


def person(user: User) -> schemas.Person:
    return schemas.Person(code=user.code, name=str(user))


@router.get("/me", **needs(), response=schemas.Me, url_name="me")
def me(request: ApiRequest) -> dict[str, Any]:
    """The owner of the token, and what the token may do."""
    user, token = request.user, request.auth
    rows = Membership.objects.filter(user=user, ended_at=None).select_related("club").order_by("pk")
    clubs = [{"club": row.club.code, "name": row.club.name, "role": row.role} for row in rows]
    return {
        **person(user).dict(),
        "email": user.email,
        "scopes": token.scopes,
        "expires_at": token.expires_at,
        "clubs": clubs,
    }


@router.get("/athletes", **needs(Scope.READ_FORMCHECKS), response=Page[schemas.Person], url_name="athletes")
def athletes(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Yourself, the athletes whom you coach, and minors whose guardian you are."""

    def build(found: Sequence[User]) -> list[schemas.Person]:
        return [person(one) for one in found]

    return page_of(request, athletes_visible_to(request.user), paging, build)


@router.get("/athletes/{uuid:code}", **needs(Scope.READ_FORMCHECKS), response=schemas.Person, url_name="athlete")
def athlete(request: ApiRequest, code: uuid.UUID) -> schemas.Person:
    return person(get_object_or_404(athletes_visible_to(request.user), code=code))
