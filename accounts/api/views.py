"""The own account over the API: who am I, my keys, my sessions, my devices."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import services
from accounts.api.common import me, require_session
from accounts.api.serializers import (
    DeviceSerializer,
    KeySerializer,
    MeSerializer,
    MySettingsSerializer,
    NewKeySerializer,
    PushKeySerializer,
    SessionSerializer,
    SubscriptionSerializer,
)
from accounts.models import ApiKey, PushDevice
from accounts.selectors import api_keys_of, devices_of, sessions_of
from accounts.services.contacts import set_display_name
from common.api import CursorPagination
from outbox import push


class NewestFirst(CursorPagination):
    ordering = ("-created_at", "-id")


class MeView(APIView):
    @extend_schema(responses=MeSerializer, operation_id="me")
    def get(self, request: Request) -> Response:
        """Who the request is signed in as, and by what."""
        return Response(MeSerializer(me(request), context={"request": request}).data)

    @extend_schema(request=MySettingsSerializer, responses=MeSerializer, operation_id="change_me")
    def patch(self, request: Request) -> Response:
        """Change what is mine to choose."""
        data = MySettingsSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        if "digest" in data.validated_data:
            services.set_digest(me(request), data.validated_data["digest"])
        if "display_name" in data.validated_data:
            set_display_name(me(request), data.validated_data["display_name"])
        me(request).refresh_from_db(fields=["digest", "display_name"])
        return Response(MeSerializer(me(request), context={"request": request}).data)


class KeysView(generics.ListAPIView[ApiKey]):
    """My keys that have not been revoked, the newest first."""

    serializer_class = KeySerializer
    pagination_class = NewestFirst
    filter_backends = []

    def get_queryset(self) -> QuerySet[ApiKey]:
        return api_keys_of(me(self.request))

    @extend_schema(request=KeySerializer, responses={201: NewKeySerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a key; its text stands in this answer and nowhere else."""
        require_session(request)
        data = KeySerializer(data=request.data)
        data.is_valid(raise_exception=True)
        key, raw = services.create_api_key(me(request), **data.validated_data)
        return Response(NewKeySerializer(key, context={"raw": raw}).data, status=status.HTTP_201_CREATED)


class KeyView(APIView):
    @extend_schema(responses={204: OpenApiResponse(description="Revoked")})
    def delete(self, request: Request, pk: int) -> Response:
        """Revoke a key."""
        key = get_object_or_404(api_keys_of(me(request)), pk=pk)
        require_session(request)
        services.revoke_api_key(key)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionsView(generics.ListAPIView[UserSession]):
    """Where I am signed in, the newest first."""

    serializer_class = SessionSerializer
    pagination_class = NewestFirst
    filter_backends = []

    def get_queryset(self) -> QuerySet[UserSession]:
        return sessions_of(me(self.request))


class SessionView(APIView):
    @extend_schema(responses={204: OpenApiResponse(description="Signed out there")})
    def delete(self, request: Request, pk: int) -> Response:
        """Sign out one device."""
        session = get_object_or_404(sessions_of(me(request)), pk=pk)
        require_session(request)
        services.end_session(me(request), session)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EndOthersView(APIView):
    @extend_schema(request=None, responses={204: OpenApiResponse(description="Signed out everywhere but here")})
    def post(self, request: Request) -> Response:
        """Sign out everywhere but here."""
        require_session(request)
        services.end_other_sessions(me(request), request.session.session_key)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DevicesView(generics.ListAPIView[PushDevice]):
    """My browsers that show notifications, the newest first."""

    serializer_class = DeviceSerializer
    pagination_class = NewestFirst
    filter_backends = []

    def get_queryset(self) -> QuerySet[PushDevice]:
        return devices_of(me(self.request))

    @extend_schema(request=SubscriptionSerializer, responses={201: DeviceSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show notifications in this browser, the one that is signed in here."""
        require_session(request)
        data = SubscriptionSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        endpoint, keys = data.validated_data["endpoint"], data.validated_data["keys"]
        device = services.register_device(
            user=me(request),
            session_key=request.session.session_key or "",
            subscription=push.Subscription(endpoint, keys["p256dh"], keys["auth"]),
            user_agent=request.headers.get("User-Agent", ""),
        )
        # Read by push.js: only a fresh sign-in lets a browser switch itself on again.
        request.session["push_device"] = device.pk
        shape = DeviceSerializer(device, context={"request": request})
        return Response(shape.data, status=status.HTTP_201_CREATED)


class DeviceView(APIView):
    @extend_schema(responses={204: OpenApiResponse(description="Switched off")})
    def delete(self, request: Request, pk: int) -> Response:
        """Send nothing to this device any more."""
        device = get_object_or_404(devices_of(me(request)), pk=pk)
        require_session(request)
        services.remove_device(device)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PushKeyView(APIView):
    @extend_schema(responses=PushKeySerializer, operation_id="push_key")
    def get(self, request: Request) -> Response:
        """What a browser needs to subscribe."""
        return Response({"public_key": push.public_key(), "csrf_token": get_token(request._request)})
