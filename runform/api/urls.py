from django.urls import path

from runform.api import views
from runform.api.access import for_token
from runform.api.scopes import Scope
from runform.api.v1.api import api
from runform.clips.tus import views as tus

urlpatterns = [
    path("api/", views.docs, name="api_docs"),
    # The bytes of a clip, by tus: the same view as the page's, for a token instead of a login.
    path("api/v1/uploads/<uuid:code>", for_token(Scope.WRITE_CLIPS)(tus.upload), name="api_upload"),
    path("api/v1/", api.urls),
    path("profile/tokens/", views.tokens, name="tokens"),
    path("profile/tokens/<uuid:code>/revoke/", views.token_revoke, name="token_revoke"),
    path("profile/webhooks/", views.webhooks, name="webhooks"),
    path("profile/webhooks/<uuid:code>/", views.webhook, name="webhook"),
    path("profile/webhooks/<uuid:code>/test/", views.webhook_ping, name="webhook_ping"),
    path("profile/webhooks/<uuid:code>/enable/", views.webhook_enable, name="webhook_enable"),
    path("profile/webhooks/<uuid:code>/remove/", views.webhook_remove, name="webhook_remove"),
]
