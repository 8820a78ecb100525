"""All addresses of the platform, app by app."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from common import browser_files, health

# Operators come in by the same door as everybody.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    # First, because nothing else can begin so: programmes and open pages ask it most.
    path("api/v1/", include("sferum_admin.api_urls")),
    path("", include("accounts.urls")),
    path("", include("orgs.urls")),
    path("", include("files.urls")),
    path("", include("readings.urls")),
    path("", include("chats.urls")),
    path("", include("channels_app.urls")),
    path("", include("support.urls")),
    path("", include("documents.urls")),
    path("", include("meetings.urls")),
    path("", include("works.urls")),
    path("", include("registration.urls")),
    path("", include("roster.urls")),
    path("", include("movement.urls")),
    path("", include("invitations.urls")),
    path("", include("stats.urls")),
    path("admin/", admin.site.urls),
    path("sw.js", browser_files.service_worker, name="service_worker"),
    path("offline/", browser_files.offline, name="offline"),
    path("manifest.webmanifest", browser_files.manifest, name="manifest"),
    path(".well-known/security.txt", browser_files.security_txt, name="security_txt"),
    path("favicon.ico", browser_files.favicon, name="favicon"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.figures, name="metrics"),
]
if settings.DEVELOPER_PAGES:
    urlpatterns.append(path("dev/", include("outbox.urls")))

handler400 = "common.errors_pages.bad_request"
handler403 = "common.errors_pages.permission_denied"
handler404 = "common.errors_pages.page_not_found"
handler500 = "common.errors_pages.server_error"
# allauth looks this one up by its name.
handler429 = "common.errors_pages.too_many_requests"
