"""Members of the organisation, for programs; and who a personal token acts for."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.models import Role
from cohorts.web.api.serializers import Zone
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission

ROLES = [role.value for role in Role]


class MeShape(serializers.Serializer):
    """The member a personal token acts for."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField(source="person.email")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=ROLES))
    zone = Zone()


class Me(ApiView):
    permission = Permission.BELONG
    noun = "me"

    @extend_schema(operation_id="readMe", responses=MeShape)
    def get(self, request: ApiRequest) -> Response:
        """Who this token acts for."""
        return Response(MeShape(request.membership).data)


urlpatterns = [path("me/", Me.as_view(), name="api_me")]
