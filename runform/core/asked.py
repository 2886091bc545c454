"""Questions whose answer is the same all through one request: asked of the database once.

Only while a request is answered that changes nothing (GET and HEAD).  Everywhere else, in POSTs, tasks and commands,
every question is asked anew; and nothing is remembered from one request to the next.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Model

Answer = TypeVar("Answer")
Of = TypeVar("Of", bound=Model)
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


def asked_once(question: Callable[[Of], Answer]) -> Callable[[Of], Answer]:
    """For a question about one row; the answer must not be changed by whoever gets it."""

    @wraps(question)
    def asked(of: Of) -> Answer:
        answers = _answers.get()
        if answers is None:
            return question(of)
        key = (question, type(of), of.pk)
        if key not in answers:
            answers[key] = question(of)
        return answers[key]  # type: ignore[no-any-return]

    return asked


@contextmanager
def answers_remembered() -> Iterator[None]:
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)
