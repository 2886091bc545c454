"""What is written between minors and their coaches, for the club's welfare officers: to read, and nothing else."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from runform.accounts.http import UserRequest
from runform.accounts.models import User
from runform.clubs.models import Club, Guardianship, Membership, Role
from runform.clubs.selectors import athletes_watched_by, clubs_visible_to
from runform.coaching.models import Comment, Review

PAGE_SIZE = 50


@dataclass(frozen=True)
class Conversation:
    """``writers``: who wrote to the athlete.  ``along``: who reads along; without anybody no coach may write."""

    review: Review
    writers: list[str]
    along: list[str]


@login_required
@require_safe
def club_conversations(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    clubs = clubs_visible_to(request.user).filter(
        pk__in=Membership.objects.filter(user=request.user, role=Role.WELFARE, ended_at=None).values("club")
    )
    club = get_object_or_404(clubs, code=code)
    page = Paginator(conversations_of(request.user, club), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"club": club, "page": page, "conversations": _with_adults(club, page.object_list)}
    return render(request, "desk/club_conversations.html", context)


def conversations_of(user: User, club: Club) -> QuerySet[Any]:
    """Reviews of the club's minors in which something was sent, the newest word first."""
    athletes = club.memberships.filter(role=Role.ATHLETE, ended_at=None).values("user")
    minors = athletes_watched_by(user).filter(pk__in=athletes)
    sent = Q(comments__deleted_at=None, comments__published_at__isnull=False)
    rows = Review.objects.filter(form_check__athlete__in=minors, form_check__deleted_at=None)
    rows = rows.annotate(n_sent=Count("comments", filter=sent), last_at=Max("comments__created_at", filter=sent))
    return rows.filter(n_sent__gt=0).select_related("form_check__athlete").order_by("-last_at", "-pk")


def _with_adults(club: Club, reviews: Any) -> list[Conversation]:
    """Three queries, however many conversations."""
    officers = list(
        User.objects.filter(
            is_active=True,
            pk__in=club.memberships.filter(role=Role.WELFARE, ended_at=None).values("user"),
        )
    )
    guardians: dict[int, list[User]] = defaultdict(list)
    athletes = [review.form_check.athlete_id for review in reviews]
    links = Guardianship.objects.filter(athlete__in=athletes, ended_at=None, guardian__is_active=True)
    for link in links.select_related("guardian"):
        guardians[link.athlete_id].append(link.guardian)
    writers: dict[int, dict[str, None]] = defaultdict(dict)
    said = Comment.objects.filter(review__in=list(reviews), deleted_at=None).exclude(published_at=None)
    for comment in said.exclude(author__in=athletes).select_related("author").order_by("pk"):
        writers[comment.review_id][str(comment.author or "–")] = None
    return [
        Conversation(
            review,
            list(writers[review.pk]),
            [str(one) for one in (*guardians[review.form_check.athlete_id], *officers)],
        )
        for review in reviews
    ]
