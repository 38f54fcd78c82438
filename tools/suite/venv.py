"""The virtual environment: Odoo's, OCA's and PyPI's packages at their pinned versions."""

import shutil
import sys

from . import layout
from .shell import need_debian_packages, run, say

# WeasyPrint draws with Pango; psycopg2 is built from source.
SYSTEM_PACKAGES = {
    "gcc": "gcc",
    "libpq-dev": "pg_config",
    "libpango-1.0-0": "/usr/share/doc/libpango-1.0-0",
    "libpangoft2-1.0-0": "/usr/share/doc/libpangoft2-1.0-0",
    "fonts-dejavu-core": "/usr/share/doc/fonts-dejavu-core",
}


def ensure():
    """Build the environment when it is missing or its pins have changed."""
    stamp = layout.VENV / "pins"
    wanted = layout.fingerprint(*layout.REQUIREMENTS, layout.odoo_home(), sys.version)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    need_debian_packages({**SYSTEM_PACKAGES, **_python_packages()})
    say("installing Python packages (a few minutes)")
    shutil.rmtree(layout.VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", layout.VENV, quiet=True)
    _show_odoo_to_venv()
    pip = (layout.venv_python(), "-m", "pip", "install", "--quiet")
    wanted_files = [part for path in layout.REQUIREMENTS for part in ("-r", path)]
    run(*pip, *wanted_files, quiet=True)
    stamp.write_text(wanted)


def _show_odoo_to_venv():
    site_packages = next((layout.VENV / "lib").glob("python3*")) / "site-packages"
    (site_packages / "odoo_home.pth").write_text(f"{layout.odoo_home()}\n")


def _python_packages():
    """Debian splits `venv` and the headers from Python itself."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        missing_venv = {f"python{version}-venv": "/nonexistent"}
    else:
        missing_venv = {}
    from sysconfig import get_path

    return {**missing_venv, f"python{version}-dev": get_path("include") + "/Python.h"}
