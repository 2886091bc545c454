"""What a token may be allowed to do.  None lets it see more than its owner."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    READ_FORMCHECKS = "read:formchecks", _("read FormChecks, clips, reports and metrics, mine and my athletes'")
    READ_REVIEWS = "read:reviews", _("read published reviews and tips")
    READ_CLUB = "read:club", _("read my clubs, their members and squads")
    WRITE_CLIPS = "write:clips", _("create FormChecks, upload clips and remove them")
    WRITE_WEBHOOKS = "write:webhooks", _("register webhooks and read their log")
