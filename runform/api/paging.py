"""Long lists, newest first, page by page.  A page is found by the last thing of the one before, so that it stays right
while new things come, and costs the same however far one reads.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Schema

from runform.api.problems import ProblemError

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class Paging(Schema):
    limit: int = Field(50, ge=1, le=100, description="How many a page holds.")
    after: uuid.UUID | None = Field(None, description="The code of the last one on the page before.")


class Page(Schema, Generic[Item]):
    items: list[Item]
    # The address of the next page; null on the last one.
    next: str | None


def page_of(
    request: HttpRequest, rows: QuerySet[Row], paging: Paging, build: Callable[[Sequence[Row]], list[Any]]
) -> dict[str, Any]:
    """``build`` gets the rows of one page, so that it can ask for all they need at once."""
    if paging.after:
        last = rows.filter(code=paging.after).values_list("pk", flat=True).first()
        if last is None:
            raise ProblemError(422, _("The page before has changed. Please begin again."))
        rows = rows.filter(pk__lt=last)
    found = list(rows.order_by("-pk")[: paging.limit + 1])
    shown: list[Any] = found[: paging.limit]
    following = None
    if len(found) > paging.limit:
        query = request.GET.copy()
        query["after"] = str(shown[-1].code)
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return {"items": build(shown), "next": following}
