"""Errors to Sentry, where somebody wants that: RUNFORM_SENTRY_DSN and the package sentry-sdk."""

from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from runform.core.logs import masked

# The one id from the click to the report, and what it was about.
TAGS = ("request_id", "job", "clip", "attempt")


def start(dsn: str, release: str) -> None:
    try:
        import sentry_sdk
    except ImportError as error:
        raise ImproperlyConfigured("RUNFORM_SENTRY_DSN is set; install sentry-sdk, or leave it empty.") from error
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        # Names, addresses and videos of people stay here: no user, no body, no variables, no log.
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        before_send=without_secrets,  # type: ignore[arg-type]
        traces_sample_rate=0.0,
    )


def without_secrets(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    for name in ("cookies", "headers", "query_string", "data", "env"):
        event.get("request", {}).pop(name, None)
    names = structlog.contextvars.get_contextvars()
    event.setdefault("tags", {}).update({name: str(names[name]) for name in TAGS if names.get(name)})
    return {name: _shortened(value) for name, value in event.items()}


def _shortened(value: Any) -> Any:
    """Addresses that are secrets by themselves stand in messages, too."""
    if isinstance(value, dict):
        return {name: _shortened(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shortened(inner) for inner in value]
    return masked(value) if isinstance(value, str) else value
