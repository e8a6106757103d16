"""Addresses below the API that lead to no endpoint."""

from typing import Any

from django.http import Http404
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from cohorts.web.api.authentication import ByKey
from cohorts.web.api.throttles import ByKeyThrottle


class Nowhere(APIView):
    """Not there, whatever is asked. A view of the framework, which wants no CSRF token."""

    authentication_classes = [ByKey]
    throttle_classes = [ByKeyThrottle]
    renderer_classes = [JSONRenderer]
    schema = None  # no endpoint

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        self.check_throttles(request)
        raise Http404
