"""Runs functions of `data.py`, or of the module that is named, beside the running platform: one JSON call per line in,
one answer per line out.
"""

import json
import sys
import traceback
from importlib import import_module

import django

django.setup()

from django.db import close_old_connections, transaction  # noqa: E402

data = import_module(sys.argv[1] if len(sys.argv) > 1 else "tests.browser.data")


def main() -> None:
    answers = sys.stdout
    sys.stdout = sys.stderr
    for line in sys.stdin:
        call = json.loads(line)
        try:
            with transaction.atomic():
                result = getattr(data, call["function"])(*call["args"], **call["kwargs"])
            answer = {"result": result}
        except Exception:
            answer = {"error": traceback.format_exc()}
        close_old_connections()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


main()
