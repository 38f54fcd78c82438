"""Databases: a template with Odoo's and OCA's modules, and copies of it with the suite."""

import fcntl
import shutil
from contextlib import contextmanager

from . import layout, odoo, odoo_package, postgres
from .shell import say

# unaccent as Odoo's own database creation declares it, so that trigram indexes may use it.
EXTENSIONS = """
CREATE EXTENSION IF NOT EXISTS unaccent;
ALTER FUNCTION unaccent(text) IMMUTABLE;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
"""

def exists(name):
    return bool(postgres.psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

def drop(name):
    postgres.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(_filestore(name), ignore_errors=True)

def copy(source, target):
    """A copy of `source` with its files; `target` must not exist."""
    postgres.psql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    if _filestore(source).is_dir():
        shutil.copytree(_filestore(source), _filestore(target), dirs_exist_ok=True)

def template():
    """Name of the database that holds all that the suite stands on; made when the pins change."""
    modules = ["base", *layout.foreign_dependencies()]
    key = layout.fingerprint(*layout.REQUIREMENTS, odoo_package.version(), EXTENSIONS, *modules)
    name = f"template_{key}"
    with _lock("template"):
        if not exists(name):
            say("building the template database (about two minutes)")
            unfinished = f"{name}_new"
            drop(unfinished)
            postgres.psql(f"CREATE DATABASE \"{unfinished}\" TEMPLATE template0 ENCODING 'UTF8'")
            postgres.psql(EXTENSIONS, unfinished)
            odoo.call(unfinished, "-i", ",".join(modules), "--stop-after-init", log="template")
            rename(unfinished, name)
    return name

def with_suite(name, demo=False):
    """Make database `name` anew, with every module of the suite installed."""
    drop(name)
    copy(template(), name)
    options = ["-i", ",".join(layout.module_names()), "--stop-after-init"]
    if demo:
        _let_demo_load(name)
        options.append("--with-demo")
    odoo.call(name, *options, log=f"install-{name}")

def rename(old, new):
    postgres.psql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
    if _filestore(old).is_dir():
        _filestore(old).rename(_filestore(new))

def odoo_version():
    from . import odoo_package

    return odoo_package.version()

def _let_demo_load(name):
    """Odoo loads a module's demo data only above modules that have theirs; the demo town does
    without Odoo's furniture shop, so the foundation counts as having it."""
    postgres.psql("UPDATE ir_module_module SET demo = true WHERE state = 'installed'", name)

def _filestore(name):
    return layout.DATA_DIR / "filestore" / name

@contextmanager
def _lock(name):
    with open(layout.LOCAL / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield

__all__ = ["copy", "drop", "exists", "run", "template", "with_suite"]
