"""Secrets that the database keeps lie in it sealed, under keys that follow from the secret key.

A copy of the database alone opens nothing.  What was sealed under an earlier secret key opens as long as that one is
among the fallbacks.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = "sealed:"


class SealError(Exception):
    """Sealed under a secret key that is not known here."""


def seal(text: str) -> str:
    return MARK + _keys()[0].encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """What was kept before there were seals is readable as it is."""
    if not kept.startswith(MARK):
        return kept
    try:
        return MultiFernet(_keys()).decrypt(kept.removeprefix(MARK)).decode()
    except InvalidToken as error:
        raise SealError from error


def is_sealed(kept: str) -> bool:
    """Under the newest key."""
    try:
        return kept.startswith(MARK) and bool(_keys()[0].decrypt(kept.removeprefix(MARK)))
    except InvalidToken:
        return False


def _keys() -> list[Fernet]:
    """The newest first."""
    return [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


@cache
def _key(secret: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"runform.seal").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
