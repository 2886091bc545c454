"""Idempotency keys: a write that was sent twice happens once, and is answered twice alike."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema, Status

from runform.api.models import KeptAnswer
from runform.api.problems import ProblemError

HEADER = "Idempotency-Key"
KEPT = timedelta(days=1)
# Whoever took longer has died on the way.
GIVEN_UP = timedelta(minutes=2)

Operation = Callable[..., Status[Any]]


def once(operation: Operation) -> Callable[..., Any]:
    """For an operation that writes and answers with a Status of a Schema.  What was refused is not kept."""

    @wraps(operation)
    def answered(request: Any, *args: Any, **named: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return operation(request, *args, **named)
        if not (0 < len(key) <= 200 and key.isascii() and key.isprintable()):
            raise ProblemError(422, _("The Idempotency-Key is empty, too long, or has strange letters in it."))
        kept = _begin(request, key)
        if kept.status is not None:
            return JsonResponse(kept.body, status=kept.status, headers={"Idempotency-Replayed": "true"})
        return _answer(kept, lambda: operation(request, *args, **named))

    return answered


def answers_forget() -> None:
    KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()


def _begin(request: Any, key: str) -> KeptAnswer:
    """The row of this key: a new one, one that was answered, or one whose first sender has died."""
    print_of_it = hashlib.sha256(b"\n".join([request.method.encode(), request.path.encode(), request.body])).hexdigest()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(user=request.user, key=key, request_sha256=print_of_it)
    except IntegrityError:
        kept = KeptAnswer.objects.filter(user=request.user, key=key).first()
    if kept is None:
        # The first one was refused and forgotten between the two statements.
        return _begin(request, key)
    if kept.request_sha256 != print_of_it:
        raise ProblemError(409, _("This Idempotency-Key came with another request before. Use a new one."))
    if kept.status is None:
        now = timezone.now()
        late = KeptAnswer.objects.filter(pk=kept.pk, status=None, created_at__lt=now - GIVEN_UP)
        if not late.update(created_at=now):
            raise ProblemError(409, _("The first request with this key is still being worked on. Ask again shortly."))
    return kept


def _answer(kept: KeptAnswer, work: Callable[[], Status[Any]]) -> HttpResponse:
    """What is done and the answer to it are kept together, or neither is."""
    try:
        with transaction.atomic():
            done = work()
            body = json.loads(done.value.model_dump_json()) if isinstance(done.value, Schema) else None
            KeptAnswer.objects.filter(pk=kept.pk).update(status=done.status_code, body=body)
    except BaseException:
        KeptAnswer.objects.filter(pk=kept.pk, status=None).delete()
        raise
    return JsonResponse(body, status=done.status_code, safe=False)
