from celery import shared_task

from runform.api.once import answers_forget
from runform.api.webhooks.calling import webhooks_call
from runform.api.webhooks.services import deliveries_forget


@shared_task(name="api.webhooks")  # type: ignore[untyped-decorator]
def call_webhooks() -> None:
    webhooks_call()


@shared_task(name="api.forget")  # type: ignore[untyped-decorator]
def forget() -> None:
    answers_forget()
    deliveries_forget()
