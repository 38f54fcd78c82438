"""Run the checks that no ready-made linter knows; for pre-commit."""

import sys

from suite import lint_rules

if __name__ == "__main__":
    found = lint_rules.check()
    print("\n".join(found))
    sys.exit(bool(found))
