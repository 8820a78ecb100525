"""Settings of the test suite: the embedded mode with everything that costs time made cheap."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("SFERUM_MODE", "embedded")
if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="sferum-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
for name in ("SECRET_KEY", "INVITATION_KEY", "OUTBOX_KEY"):
    os.environ.setdefault(name, f"a key for tests only, never in production: {name}")

from sferum_admin.settings import *  # noqa: E402, F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if REDIS_URL:  # noqa: F405
    # Each worker of pytest-xdist empties its cache between tests, so each has a database of its own.
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
    CACHES["default"]["LOCATION"] = f"{REDIS_URL.rsplit('/', 1)[0]}/{number}"  # type: ignore[used-before-def]  # noqa: F405
    # Events know no databases, so runs side by side tell themselves apart by their process.
    CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"live-test-{os.getpid()}-"  # noqa: F405
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
CELERY_BROKER_URL = "memory://"
# A busy machine is slow, and no test is about that.
READINESS_SECONDS = 30.0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["NAME"] = ":memory:"  # noqa: F405
    DATABASES["default"]["OPTIONS"].pop("init_command")  # noqa: F405
else:
    # Nothing that a test asks of the database may take longer: a wrong plan or a lock shows itself as a failed test.
    _PATIENCE = {"statement_timeout": 120, "lock_timeout": 60, "idle_in_transaction_session_timeout": 300}
    _LIMITS = " ".join(f"-c {name}={seconds}s" for name, seconds in _PATIENCE.items())
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = f"-c jit=off {_LIMITS}"  # noqa: F405
