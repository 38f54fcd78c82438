"""The virtual environment: Odoo's, OCA's and PyPI's packages at their pinned versions."""

import shutil
import sys
from importlib.util import find_spec
from sysconfig import get_path

from . import layout
from .shell import need_debian_packages, run, say

# WeasyPrint draws with Pango; psycopg2 is built from source.
SYSTEM_PACKAGES = {
    "gcc": "gcc",
    "libc6-dev": "/usr/include/stdio.h",
    "libpq-dev": "pg_config",
    "libpango-1.0-0": "/usr/share/doc/libpango-1.0-0",
    "libpangoft2-1.0-0": "/usr/share/doc/libpangoft2-1.0-0",
    "fonts-dejavu-core": "/usr/share/doc/fonts-dejavu-core",
}


def ensure():
    """Build the environment when it is missing, bring it up to its pins when they have changed."""
    stamp = layout.VENV / "pins"
    basis_stamp = layout.VENV / "basis"
    basis = layout.fingerprint(str(layout.odoo_home().resolve()), _python_version())
    wanted = layout.fingerprint(*layout.REQUIREMENTS, basis)
    if _says(stamp, wanted):
        return
    need_debian_packages({**SYSTEM_PACKAGES, **_python_packages()})
    say("installing Python packages (a few minutes)")
    if not _says(basis_stamp, basis):
        shutil.rmtree(layout.VENV, ignore_errors=True)
        run(sys.executable, "-m", "venv", layout.VENV, quiet=True)
        _show_odoo_to_venv()
        basis_stamp.write_text(basis)
    wanted_files = [part for path in layout.REQUIREMENTS for part in ("-r", path)]
    run(layout.venv_python(), "-m", "pip", "install", "--quiet", *wanted_files, quiet=True)
    stamp.write_text(wanted)


def _says(stamp, text):
    """Whether an environment that still has its interpreter was stamped so."""
    return layout.venv_python().exists() and stamp.is_file() and stamp.read_text() == text


def _python_version():
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _show_odoo_to_venv():
    site_packages = next((layout.VENV / "lib").glob("python3*")) / "site-packages"
    (site_packages / "odoo_home.pth").write_text(f"{layout.odoo_home().resolve()}\n")


def _python_packages():
    """Debian splits `venv` and the headers from Python itself."""
    version = _python_version()
    probes = {f"python{version}-dev": get_path("include") + "/Python.h"}
    if not find_spec("ensurepip"):
        probes[f"python{version}-venv"] = "/nonexistent"
    return probes
