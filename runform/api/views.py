"""Tokens and webhooks on the profile, and the page about the API."""

import uuid

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.api import tokens as service
from runform.api.docs import parts
from runform.api.forms import EVENTS, TokenForm, WebhookForm
from runform.api.models import Token, Webhook
from runform.api.scopes import Scope
from runform.api.webhooks import services as hooks

PAGE_SIZE = 20


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """What the API can do; there is nothing secret in it."""
    context = {"parts": parts(), "scopes": Scope.choices, "events": EVENTS, "limit": settings.LIMITS.api_per_minute}
    return render(request, "api/docs.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def tokens(request: UserRequest) -> HttpResponse:
    """One's tokens: make one, after the password was asked for anew, see when each was used, revoke them."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = service.token_create(user=request.user, **form.cleaned_data)
            form = TokenForm()
        except service.TokenError as error:
            form.add_error(None, str(error))
    own = Token.objects.filter(user=request.user)
    # Shown in this one answer and kept nowhere.
    context = {"form": form, "secret": secret, "tokens": own, "labels": dict(Scope.choices), "now": timezone.now()}
    return render(request, "api/tokens.html", context)


@login_required
@require_POST
def token_revoke(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    if service.token_revoke(token=get_object_or_404(Token, user=request.user, code=code)):
        messages.success(request, _("The token is revoked. It opens nothing any more."))
    return redirect("tokens")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: UserRequest) -> HttpResponse:
    form, made = WebhookForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = hooks.webhook_create(user=request.user, **form.cleaned_data)
            form = WebhookForm()
        except hooks.WebhookError as error:
            form.add_error("url", str(error))
    own = Webhook.objects.filter(user=request.user)
    return render(request, "api/webhooks.html", {"form": form, "made": made, "webhooks": own})


@login_required
@require_safe
def webhook(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """What was sent and what came back."""
    own = _own(request, code)
    page = Paginator(own.deliveries.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "api/webhook.html", {"webhook": own, "page": page})


@login_required
@require_POST
def webhook_ping(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    own = _own(request, code)
    try:
        hooks.webhook_ping(webhook=own)
        messages.success(request, _("A test is on its way. Reload this page to see what came back."))
    except hooks.WebhookError as error:
        messages.error(request, str(error))
    return redirect("webhook", own.code)


@login_required
@require_POST
def webhook_enable(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    own = _own(request, code)
    hooks.webhook_enable(webhook=own)
    messages.success(request, _("It is called again from now on."))
    return redirect("webhook", own.code)


@login_required
@require_POST
def webhook_remove(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    hooks.webhook_delete(webhook=_own(request, code))
    messages.success(request, _("The webhook is removed."))
    return redirect("webhooks")


def _own(request: UserRequest, code: uuid.UUID) -> Webhook:
    return get_object_or_404(Webhook, user=request.user, code=code)
