#!/usr/bin/env python3
"""The project's verbs: run, test, lint, bench, stop, clean. The Makefile calls them."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036  an older one gets a clear message
    sys.exit("Python 3.11 or newer is needed (Debian 12 has it as python3).")

from suite import commands
from suite.shell import SetupError


def main(arguments):
    verbs = {name: getattr(commands, name) for name in commands.VERBS}
    if len(arguments) != 1 or arguments[0] not in verbs:
        sys.exit(f"usage: project.py {'|'.join(verbs)}")
    try:
        return verbs[arguments[0]](os.environ)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
