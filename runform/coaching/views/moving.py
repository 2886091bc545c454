import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from runform.accounts.http import UserRequest
from runform.clips.selectors import clips_visible_to
from runform.clubs.selectors import athletes_coached_by
from runform.processing.moving import MoveRefusedError, clip_move


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clip_hand_over(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Move a clip to the athlete whom it shows: from one of the coach's athletes to another."""
    coached = athletes_coached_by(request.user).order_by("name", "pk")
    clip = get_object_or_404(clips_visible_to(request.user).filter(athlete__in=coached.values("pk")), code=code)
    refusal = None
    if request.method == "POST":
        athlete = get_object_or_404(coached, code=_code(request.POST.get("athlete", "")))
        try:
            check = clip_move(clip=clip, athlete=athlete, moved_by=request.user)
        except MoveRefusedError as error:
            refusal = error
        else:
            messages.success(request, _("The clip is %(athlete)s's now and is analysed again.") % {"athlete": athlete})
            return redirect(check)
    context = {"clip": clip, "athletes": coached.exclude(pk=clip.athlete_id), "refusal": refusal}
    return render(request, "coaching/hand_over.html", context, status=409 if refusal else 200)


def _code(sent: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(sent)
    except ValueError:
        return None
