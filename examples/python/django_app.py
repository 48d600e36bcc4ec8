"""Django in one file. HOOKPROOF_KEYRING=keyring.json HOOKPROOF_STORE=seen.db gunicorn django_app:application"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=["hookproof.django.WebhookMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
    SECRET_KEY=os.urandom(32).hex(),
)
sys.modules.setdefault("django_app", sys.modules[__name__])
application = get_wsgi_application()

from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from hookproof import FileStore, Verifier, Webhook  # noqa: E402
from hookproof.django import WebhookReceiver  # noqa: E402

verifier = Verifier(Path(os.environ["HOOKPROOF_KEYRING"]).read_bytes())
store = FileStore(os.environ["HOOKPROOF_STORE"])  # or DjangoStore(), in the site's own database
receiver = WebhookReceiver(verifier, store)
# The answer to a call has content, which a repeat needs as well.
calls = WebhookReceiver(verifier, store, duplicates="hand_on")


class WebhookRequest(HttpRequest):
    """What a view of webhooks is given, for type checkers."""

    webhook: Webhook


@receiver
def inbound(request: WebhookRequest) -> HttpResponse:
    """Where your work goes. What it raises releases the claim, and the sender tries again."""
    event = request.webhook.event
    print(event.api, event.event, "from", event.from_)
    return HttpResponse(status=204)


@calls
def answer(request: WebhookRequest) -> HttpResponse:
    if not request.webhook.is_duplicate:
        print("a call from", request.webhook.event.from_)
    return JsonResponse([{"action": "talk", "text": "Hello"}], safe=False)


urlpatterns = [path("webhooks/inbound", inbound), path("calls/answer", answer)]
