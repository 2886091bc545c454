from celery import shared_task

from runform.accounts.second_step import secrets_seal


@shared_task(name="accounts.seal")  # type: ignore[untyped-decorator]
def seal() -> None:
    """After an update and after a change of the secret key; at all other times there is nothing to do."""
    secrets_seal()
