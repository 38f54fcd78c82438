"""Odoo's command line as a script: its server starts itself again by path for live notifications,
which `python -m odoo` does not survive."""

import sys

from odoo.cli.command import main

if __name__ == "__main__":
    sys.path.pop(0)
    main()
