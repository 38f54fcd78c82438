"""Fetch Odoo 19 from Debian's suite sid into a folder of ours; the system's apt is not touched."""

import shutil

from . import layout
from .shell import SetupError, output, run, say

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
FROM_SID = ("odoo-19", "fonts-montserrat")
FROM_HOST = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-ocr-b",
)


def ensure():
    """Odoo's package `odoo` is importable from `layout.odoo_home()` afterwards."""
    if (layout.odoo_home() / "odoo" / "release.py").is_file():
        return
    if layout.odoo_home() != layout.ODOO_ROOT / "usr/lib/python3/dist-packages":
        raise SetupError(f"ODOO_HOME={layout.odoo_home()} holds no package `odoo`")
    say("fetching Odoo 19 from Debian's archive")
    downloads = layout.LOCAL / "apt"
    shutil.rmtree(downloads, ignore_errors=True)
    mirror, host_suite = _mirror()
    for suite, packages in (("sid", FROM_SID), (host_suite, FROM_HOST)):
        _download(downloads / suite, mirror, suite, packages)
    unpacked = layout.ODOO_ROOT.with_suffix(".new")
    shutil.rmtree(unpacked, ignore_errors=True)
    for archive in sorted(downloads.glob("*/*.deb")):
        run("dpkg-deb", "-x", archive, unpacked)
    shutil.rmtree(layout.ODOO_ROOT, ignore_errors=True)
    unpacked.rename(layout.ODOO_ROOT)
    shutil.rmtree(downloads)


def version():
    """Version text of the Odoo in use, part of the template database's key."""
    return (layout.odoo_home() / "odoo" / "release.py").read_text()


def _mirror():
    """Address of the Debian archive and name of the host's suite, as the machine's apt has them."""
    listing = output(
        "apt-get",
        "indextargets",
        "--format",
        "$(REPO_URI)|$(RELEASE)|$(LABEL)",
        "Created-By: Packages",
    )
    rows = [line.split("|") for line in listing.splitlines() if line.count("|") == 2]
    for uri, suite, label in rows:
        plain = "-" not in suite and "/" not in suite
        if plain and (label == "Debian" or (not label and uri.endswith("/debian/"))):
            return uri, suite
    raise SetupError("This machine's apt names no Debian archive: add one, or set ODOO_HOME.")


def _download(folder, mirror, suite, packages):
    for name in ("etc/sources", "etc/preferences", "lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    sources = folder / "etc" / "sources.list"
    sources.write_text(f"deb [signed-by={KEYRING}] {mirror} {suite} main\n")
    options = [
        f"Dir::Etc={folder}/etc",
        f"Dir::Etc::SourceList={sources}",
        f"Dir::Etc::SourceParts={folder}/etc/sources",
        f"Dir::Etc::PreferencesParts={folder}/etc/preferences",
        f"Dir::State::Lists={folder}/lists",
        f"Dir::Cache={folder}/cache",
        "APT::Sandbox::User=root",
        "Acquire::Languages=none",
    ]
    flags = [part for option in options for part in ("-o", option)]
    run("apt-get", *flags, "update", quiet=True)
    run("apt-get", *flags, "download", *packages, quiet=True, cwd=folder)
