from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.accounts.models import User
from runform.clips.selectors import form_checks_visible_to
from runform.clubs.selectors import athletes_coached_by, invitations_for, people_decided_by
from runform.coaching.models import Delivery, NotificationChoice
from runform.coaching.selectors.reviews import notifications_of
from runform.coaching.selectors.standing import standings_of
from runform.coaching.services import notices
from runform.desk.reminders import consents_ending
from runform.desk.selectors import health_report
from runform.processing.selectors import check_states

PAGE_SIZE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One's own FormChecks with the next step; a stranger learns what this is."""
    if not isinstance(request.user, User):
        return render(request, "desk/landing.html")
    own = form_checks_visible_to(request.user).filter(athlete=request.user)
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "states": check_states(page.object_list),
        "standings": standings_of(request.user, page.object_list),
        "invitations": invitations_for(request.user),
        "ending": consents_ending(people_decided_by(request.user)),
    }
    return render(request, "desk/home.html", context)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    well, facts = health_report()
    return JsonResponse({"status": "ok" if well else "unwell", **facts}, status=200 if well else 503)


@login_required
@require_safe
def notifications(request: UserRequest) -> HttpResponse:
    page = Paginator(notifications_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    choice = NotificationChoice.objects.filter(user=request.user).first()
    context = {
        "page": page,
        "coached": set(athletes_coached_by(request.user).values_list("pk", flat=True)),
        "deliveries": Delivery.choices,
        "delivery": choice.delivery if choice else Delivery.AT_ONCE,
    }
    return render(request, "desk/notifications.html", context)


@login_required
@require_POST
def notifications_read(request: UserRequest) -> HttpResponse:
    notices.notifications_read(user=request.user)
    return redirect("notifications")


@login_required
@require_POST
def notification_delivery(request: UserRequest) -> HttpResponse:
    if request.POST.get("delivery") in Delivery.values:
        notices.notification_choose(user=request.user, delivery=Delivery(request.POST["delivery"]))
        messages.success(request, _("Saved."))
    return redirect("notifications")
