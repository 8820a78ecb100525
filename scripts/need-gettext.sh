#!/bin/sh
# Makes sure that GNU gettext is there: installs it where that takes no question, else says what to do.
set -eu
command -v xgettext >/dev/null && command -v msgfmt >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends gettext
    exit 0
fi
echo "GNU gettext is needed for the texts. Debian, Ubuntu: sudo apt-get install gettext" >&2
exit 1
