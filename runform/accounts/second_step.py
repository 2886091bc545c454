"""How the second step at login speaks here."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from runform.accounts.models import User


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What the field for the name holds at first."""
        n = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)d") % {"number": n + 1} if n else _("Passkey")
