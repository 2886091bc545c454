"""What no log line may hold: links that open something, and people's addresses."""

import re
from collections.abc import MutableMapping
from typing import Any

SLASH = r"(?:/|%2F)"
# Links out of e-mails and shared ones: whoever holds one can confirm the address, set the password, see the results.
# An address may also stand inside another one, as where to go after the login.
SECRETS = (
    (
        re.compile(
            rf"({SLASH}accounts{SLASH}(?:confirm-email|password{SLASH}reset{SLASH}key){SLASH}|{SLASH}s{SLASH})[^?&\s\"'<>]+"
        ),
        r"\1...",
    ),
    (re.compile(r"([?&]key=)[^&\s\"'<>]+"), r"\1..."),
    # Each run of letters is tried once, from its start: strangers choose how long the lines are.
    (re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+"), "...@..."),
)


def masked(text: str) -> str:
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def mask(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last step before a line is written, when traces of exceptions are text already."""
    return {key: masked(value) if isinstance(value, str) else value for key, value in line.items()}
