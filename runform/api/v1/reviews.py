"""What coaches published."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from runform.api import schemas
from runform.api.access import ApiRequest, needs
from runform.api.paging import Page, Paging, page_of
from runform.api.scopes import Scope
from runform.api.v1.people import person
from runform.clips.selectors import form_checks_visible_to
from runform.coaching.models import Publication
from runform.coaching.selectors.reviews import publications_visible_to

router = Router(tags=["reviews"])
READ = needs(Scope.READ_REVIEWS)


@router.get("/reviews", **READ, response=Page[schemas.Review], url_name="reviews")
def reviews(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Everything that was published, the newest first."""
    return page_of(request, publications_visible_to(request.user), paging, _out)


@router.get("/formchecks/{uuid:code}/review", **READ, response=schemas.Review, url_name="formcheck_review")
def formcheck_review(request: ApiRequest, code: uuid.UUID) -> schemas.Review:
    """The newest review of a FormCheck."""
    check = get_object_or_404(form_checks_visible_to(request.user), code=code)
    newest = publications_visible_to(request.user).filter(review__form_check=check).order_by("-number").first()
    if newest is None:
        raise Http404
    return _out([newest])[0]


def _out(found: Sequence[Publication]) -> list[schemas.Review]:
    return [
        schemas.Review(
            code=one.code,
            formcheck=one.review.form_check.code,
            athlete=person(one.review.form_check.athlete),
            coach=str(one.coach) if one.coach else "",
            number=one.number,
            published_at=one.published_at,
            read_at=one.read_at,
            message=one.content.get("message", ""),
            tips=[_tip(tip) for tip in one.content.get("tips", ())],
        )
        for one in found
    ]


def _tip(tip: dict[str, Any]) -> schemas.ReviewTip:
    return schemas.ReviewTip(
        metric=tip.get("key", ""), cue=tip["cue"], why=tip.get("why", ""), drills=list(tip.get("drills", ()))
    )
