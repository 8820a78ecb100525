"""Runs functions of `data.py` beside the running platform: one JSON call per line in, one answer per line out."""

import json
import sys
import traceback

import django

django.setup()

from django.db import close_old_connections, transaction  # noqa: E402

from tests.browser import data  # noqa: E402


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
