"""The rules of use over the API (ACC-5)."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.common import me, require_session
from accounts.rules import PERSONAL_DATA, RULES, text_of
from accounts.services.rules import accept_rules


class RulesSerializer(serializers.Serializer[Any]):
    version = serializers.CharField(help_text="The one in force; this is what is accepted.")
    rules = serializers.CharField(help_text="HTML.")
    personal_data = serializers.CharField(help_text="HTML: how personal data are processed.")


class AcceptSerializer(serializers.Serializer[Any]):
    version = serializers.CharField(max_length=20, help_text="The version that was shown.")


class AcceptedSerializer(serializers.Serializer[Any]):
    version = serializers.CharField()


class RulesView(APIView):
    permission_classes = [AllowAny]
    authentication_classes = []

    @extend_schema(responses=RulesSerializer, operation_id="rules", auth=[])
    def get(self, request: Request) -> Response:
        """The rules of use in force; anybody may read them."""
        version = settings.RULES_VERSION
        texts = {"rules": text_of(RULES, version), "personal_data": text_of(PERSONAL_DATA, version)}
        return Response({"version": version, **texts})


class AcceptView(APIView):
    @extend_schema(request=AcceptSerializer, responses=AcceptedSerializer, operation_id="accept_rules")
    def post(self, request: Request) -> Response:
        """Accept the rules that were shown; 409 `rules_changed` when others are in force by now."""
        require_session(request)
        data = AcceptSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        accept_rules(me(request), data.validated_data["version"])
        return Response({"version": me(request).rules_version})
