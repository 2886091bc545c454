"""Webhooks: register, look after, remove."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from runform.api import schemas
from runform.api.access import ApiRequest, needs
from runform.api.models import Webhook
from runform.api.once import once
from runform.api.paging import Page, Paging, page_of
from runform.api.problems import ProblemError
from runform.api.scopes import Scope
from runform.api.webhooks import services

router = Router(tags=["webhooks"])
WRITE, ONCE = needs(Scope.WRITE_WEBHOOKS), needs(Scope.WRITE_WEBHOOKS, once=True)


@router.get("/webhooks", **WRITE, response=list[schemas.Webhook], url_name="webhooks")
def webhooks(request: ApiRequest) -> list[Webhook]:
    return list(Webhook.objects.filter(user=request.user))


@router.post("/webhooks", **ONCE, response={201: schemas.NewWebhook}, url_name="webhook_new")
@once
def webhook_new(request: ApiRequest, said: schemas.WebhookIn) -> Status[schemas.NewWebhook]:
    """The answer holds the secret, which is not shown again."""
    try:
        made = services.webhook_create(user=request.user, url=said.url, events=said.events)
    except services.WebhookError as error:
        raise ProblemError(422, str(error)) from error
    return Status(201, schemas.NewWebhook.from_orm(made))


@router.get("/webhooks/{uuid:code}", **WRITE, response=schemas.Webhook, url_name="webhook")
def webhook(request: ApiRequest, code: uuid.UUID) -> Webhook:
    return _own(request, code)


@router.delete("/webhooks/{uuid:code}", **WRITE, response={204: None}, url_name="webhook_remove")
def webhook_remove(request: ApiRequest, code: uuid.UUID) -> HttpResponse:
    services.webhook_delete(webhook=_own(request, code))
    return HttpResponse(status=204)


@router.post(
    "/webhooks/{uuid:code}/enable",
    **ONCE,
    response={200: schemas.Webhook},
    url_name="webhook_enable",
)
@once
def webhook_enable(request: ApiRequest, code: uuid.UUID) -> Status[schemas.Webhook]:
    """Call it again after it was switched off for its failures."""
    own = _own(request, code)
    services.webhook_enable(webhook=own)
    own.refresh_from_db()
    return Status(200, schemas.Webhook.from_orm(own))


@router.post(
    "/webhooks/{uuid:code}/ping",
    **ONCE,
    response={202: schemas.Delivery},
    url_name="webhook_ping",
)
@once
def webhook_ping(request: ApiRequest, code: uuid.UUID) -> Status[schemas.Delivery]:
    """Send a test."""
    try:
        delivery = services.webhook_ping(webhook=_own(request, code))
    except services.WebhookError as error:
        raise ProblemError(409, str(error)) from error
    return Status(202, schemas.Delivery.from_orm(delivery))


@router.get(
    "/webhooks/{uuid:code}/deliveries",
    **WRITE,
    response=Page[schemas.Delivery],
    url_name="webhook_deliveries",
)
def webhook_deliveries(request: ApiRequest, code: uuid.UUID, paging: Query[Paging]) -> dict[str, Any]:
    """What was sent, what waits, and what the other side answered; kept for thirty days."""
    return page_of(request, _own(request, code).deliveries.all(), paging, list)


def _own(request: ApiRequest, code: uuid.UUID) -> Webhook:
    return get_object_or_404(Webhook, user=request.user, code=code)
