"""Run the pinned prettier with its XML plug-in; for pre-commit and for editors."""

import os
import sys

from suite import node

if __name__ == "__main__":
    node.ensure()
    os.execv(node.NODE, [str(part) for part in node.prettier(*sys.argv[1:])])
