"""Where things lie and what the suite consists of: the one place that names folders."""

import ast
import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
ODOO_ROOT = LOCAL / "odoo"
VENV = LOCAL / "venv"
DATA_DIR = LOCAL / "data"
LOGS = LOCAL / "log"
TESTS = ROOT / "tests"
INSIDE = ROOT / "tools" / "inside"
ODOO_REQUIREMENTS = (
    ROOT / "tools" / "requirements-odoo.txt",
    ROOT / "requirements.txt",
)
REQUIREMENTS = (*ODOO_REQUIREMENTS, ROOT / "tools" / "requirements-dev.txt")
CORE_MODULES = (
    "utility_base",
    "utility_metering",
    "utility_billing",
    "utility_debt",
    "utility_portal",
    "utility_integrations",
)
# Changes in these folders of a module ask for no update of its databases.
NOT_INSTALLED = {"tests", "__pycache__", "readme"}


def make_local():
    """Create the git-ignored folder; others may pass through it whatever the umask is, because
    root's PostgreSQL runs as another user inside."""
    LOCAL.mkdir(exist_ok=True)
    mode = LOCAL.stat().st_mode
    if mode & 0o011 != 0o011 and LOCAL.stat().st_uid == os.geteuid():
        LOCAL.chmod(mode | 0o011)
    LOGS.mkdir(exist_ok=True)
    DATA_DIR.mkdir(exist_ok=True)


def module_folders():
    """Folders of the suite's modules that exist: the six at the top, packs under addons/."""
    candidates = [ROOT / name for name in CORE_MODULES]
    candidates += sorted((ROOT / "addons").glob("*"))
    return [folder for folder in candidates if (folder / "__manifest__.py").is_file()]


def manifest(folder):
    return ast.literal_eval((folder / "__manifest__.py").read_text())


def module_names():
    return [folder.name for folder in module_folders()]


def foreign_dependencies():
    """Odoo's and OCA's modules that the suite stands on, as named in its manifests."""
    own = set(module_names())
    needed = set()
    for folder in module_folders():
        needed.update(manifest(folder).get("depends", ()))
    return sorted(needed - own)


def module_fingerprints():
    """{module: twelve hex digits of the files that its installation depends on}"""
    return {folder.name: _folder_fingerprint(folder) for folder in module_folders()}


def _folder_fingerprint(folder):
    parts = []
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not NOT_INSTALLED.intersection(inner.parts):
            parts += [inner, path]
    return fingerprint(*parts)


def fingerprint(*parts):
    """Twelve hex digits that change when one of the texts or files in `parts` does."""
    digest = hashlib.sha256()
    for part in parts:
        is_file = isinstance(part, Path) and part.is_absolute()
        digest.update(part.read_bytes() if is_file else str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:12]


def clone_key():
    """Six hex digits of this working tree: two trees may share one PostgreSQL server."""
    return fingerprint(str(ROOT))[:6]


def odoo_home():
    """The folder with Odoo's package `odoo`: given by ODOO_HOME or unpacked by us."""
    given = os.environ.get("ODOO_HOME")
    return Path(given) if given else ODOO_ROOT / "usr/lib/python3/dist-packages"


def venv_python():
    return VENV / "bin" / "python"
