from celery import shared_task
from django.core.management import call_command

from runform.desk.club.trends import trends_refresh
from runform.desk.reminders import consents_remind
from runform.desk.rights.purge import purge


@shared_task(name="desk.purge")  # type: ignore[untyped-decorator]
def empty_the_bin() -> None:
    purge()


@shared_task(name="desk.clearsessions")  # type: ignore[untyped-decorator]
def clear_sessions() -> None:
    call_command("clearsessions")


@shared_task(name="desk.remind")  # type: ignore[untyped-decorator]
def remind() -> None:
    consents_remind()


@shared_task(name="desk.trends")  # type: ignore[untyped-decorator]
def draw_trends() -> None:
    trends_refresh()
