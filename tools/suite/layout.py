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
REQUIREMENTS = (
    ROOT / "tools" / "requirements-odoo.txt",
    ROOT / "requirements.txt",
    ROOT / "tools" / "requirements-dev.txt",
)
CORE_MODULES = (
    "utility_base",
    "utility_metering",
    "utility_billing",
    "utility_debt",
    "utility_portal",
    "utility_integrations",
)


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


def fingerprint(*parts):
    """Twelve hex digits that change when one of the texts or files in `parts` does."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:12]


def odoo_home():
    """The folder with Odoo's package `odoo`: given by ODOO_HOME or unpacked by us."""
    given = os.environ.get("ODOO_HOME")
    return Path(given) if given else ODOO_ROOT / "usr/lib/python3/dist-packages"


def venv_python():
    return VENV / "bin" / "python"
