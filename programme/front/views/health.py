"""Health and metrics for the operator. Nothing here names an organisation."""

import secrets
from typing import Any

import prometheus_client
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from health_check.views import HealthCheckView


class Health(HealthCheckView):
    """200, or 503 while database, cache or disk is away."""

    checks = ("health_check.Database", "health_check.Cache", "health_check.Storage")

    async def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = await super().dispatch(request, *args, **kwargs)
        if response.status_code >= 500:
            response.status_code = 503
        return response


health = Health.as_view()


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics for requests with METRICS_TOKEN as bearer token; 404 for all others."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(prometheus_client.generate_latest(), content_type=prometheus_client.CONTENT_TYPE_LATEST)
