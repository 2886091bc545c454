import pytest

from tests.e2e.client import Client
from tests.e2e.stack import Stack


@pytest.fixture(scope="module")
def athlete(stack: Stack) -> Client:
    """The one athlete of a module's app."""
    client = Client(stack)
    client.log_in("runner@example.org")
    return client
