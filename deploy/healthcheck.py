"""usage: healthcheck.py URL — ends with 0 when the address answers 200 within three seconds.

The request names the site's own host, because ALLOWED_HOSTS rightly refuses «localhost».
"""

import os
import sys
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
request = urllib.request.Request(sys.argv[1], headers={"Host": host})  # noqa: S310 - our own address
with urllib.request.urlopen(request, timeout=3) as response:  # noqa: S310
    sys.exit(response.status != 200)
