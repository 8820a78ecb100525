"""WSGI entry point."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sferum_admin.settings")

application = get_wsgi_application()
# The views as well: otherwise whoever comes first waits for them, in each process anew.
import_module(settings.ROOT_URLCONF)
