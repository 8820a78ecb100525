"""Mounted at /api/v1/: the API of every app, its description, and an answer in its own shape for everything else."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import include, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


@extend_schema(exclude=True)
class NothingHere(APIView):
    """An address that does not exist answers as the API answers, not with a page."""

    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise Http404

    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        raise Http404


urlpatterns = [
    path("", include("accounts.api.urls")),
    path("", include("orgs.api.urls")),
    path("", include("files.api.urls")),
    path("", include("readings.api.urls")),
    path("", include("chats.api.urls")),
    path("", include("channels_app.api.urls")),
    path("", include("support.api.urls")),
    path("", include("documents.api.urls")),
    path("", include("meetings.api.urls")),
    path("", include("works.api.urls")),
    path("", include("registration.api.urls")),
    path("", include("roster.api.urls")),
    path("", include("movement.api.urls")),
    path("", include("invitations.api.urls")),
    path("", include("stats.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    # The split view serves its script under an address of its own, so the page needs no inline script (CSP).
    path("docs/", login_required(SpectacularSwaggerSplitView.as_view(url_name="api_schema")), name="api_docs"),
    re_path(r"^.*$", NothingHere.as_view(), name="api_nothing"),
]
