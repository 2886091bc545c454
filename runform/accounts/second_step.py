"""How the second step at login speaks here, and how its secrets are kept: sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.core.seal import SealError, is_sealed, seal, unseal

log = structlog.get_logger(__name__)


class LostSecretError(ValidationError):
    """A form shows it beside the code; a page that needs the secret is LostSecretMiddleware's."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The key of this site was changed, so your authenticator app and your recovery codes cannot be checked."
                " A passkey works as before. Without one, please ask the people who run this site to remove your second"
                " step; you then set it up again."
            )
        )


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What the field for the name holds at first."""
        n = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)d") % {"number": n + 1} if n else _("Passkey")

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return unseal(encrypted_text)
        except SealError as error:
            log.error("second_step_unreadable")
            raise LostSecretError from error


@dataclass(frozen=True)
class Sealed:
    """What a round has found: authenticators that it sealed anew, and those of an unknown key."""

    renewed: int = 0
    unreadable: int = 0


def secrets_seal() -> Sealed:
    """Seal what lies open or under an earlier key.  Codes that people have go on working."""
    kept = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    renewed = unreadable = 0
    for pk in Authenticator.objects.filter(type__in=kept).order_by("pk").values_list("pk", flat=True):
        try:
            renewed += _seal_one(pk)
        except SealError:
            unreadable += 1
    if renewed or unreadable:
        log.info("second_steps_sealed", renewed=renewed, unreadable=unreadable)
    return Sealed(renewed, unreadable)


@transaction.atomic
def _seal_one(pk: int) -> bool:
    # Locked: a recovery code may be used up at this moment.
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None or all(is_sealed(secret) for secret in _secrets_of(row.data)):
        return False
    for name, secret in row.data.items():
        if name in ("secret", "seed"):
            row.data[name] = seal(unseal(secret))
        elif name == "migrated_codes":
            row.data[name] = [seal(unseal(one)) for one in secret]
    row.save(update_fields=["data"])
    return True


def _secrets_of(data: dict[str, Any]) -> Iterator[str]:
    yield from (data[name] for name in ("secret", "seed") if name in data)
    yield from data.get("migrated_codes") or []
