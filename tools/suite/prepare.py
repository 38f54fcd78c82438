"""Everything that has to be there before Odoo can run."""

from . import layout, odoo_package, postgres, shell, venv

# Browser tests and screenshots, pages of PDFs as pictures; `make run` does without.
BROWSER = {
    "chromium": "chromium",
    "fonts-dejavu-core": "/usr/share/doc/fonts-dejavu-core",
    "poppler-utils": "pdftoppm",
}


def environment():
    """Odoo and its Python packages; no database server."""
    layout.make_local()
    with shell.lock("set-up"):
        odoo_package.ensure()
        venv.ensure()


def everything():
    environment()
    postgres.ensure()


def browser():
    shell.need_debian_packages(BROWSER)
