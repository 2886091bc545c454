"""The API, version 1.  Within it things are added and never changed or taken away."""

from ninja import NinjaAPI
from ninja.operation import Operation

from runform.api import problems
from runform.api.access import TokenThrottle
from runform.api.v1 import checks, clips, clubs, hooks, people, reports, reviews


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = Api(
    title="RunForm",
    version="1",
    description="FormChecks, clips, reports and reviews, for programs. See docs/api.md.",
    urls_namespace="api",
    docs_url=None,
    throttle=[TokenThrottle()],
)
problems.install(api)
for part in (people, checks, clips, reports, reviews, clubs, hooks):
    api.add_router("", part.router)
