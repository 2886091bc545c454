"""The other end of the doorbell."""

from celery import shared_task

from runform.coaching.services import notices, waiting


@shared_task(name="coaching.mail")  # type: ignore[untyped-decorator]
def mail(code: str) -> None:
    notices.notification_mail(code=code)


@shared_task(name="coaching.mails")  # type: ignore[untyped-decorator]
def mails() -> None:
    waiting.waiting_sweep()
    notices.mails_sweep()
