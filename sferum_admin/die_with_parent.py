"""usage: die_with_parent.py PID COMMAND… — becomes COMMAND, which ends when its parent, the process PID, ends.

Linux only; elsewhere COMMAND runs as it would without this.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

parent, command = int(sys.argv[1]), sys.argv[2:]
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it was quicker
        sys.exit(1)
os.execvp(command[0], command)  # noqa: S606
