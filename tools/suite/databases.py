"""Databases: a template with Odoo's and OCA's modules, the suite built on it, and copies."""

import shutil
import time

from . import layout, odoo, odoo_package, postgres
from .shell import SetupError, lock, say

# unaccent is made immutable, as Odoo's own database creation does, so that trigram indexes may use
# it. On a server where we are not the superuser it is not ours to alter: a function of ours with
# the same name takes its place.
EXTENSIONS = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
DO $do$ BEGIN
    IF current_setting('is_superuser')::boolean THEN
        CREATE EXTENSION unaccent;
        ALTER FUNCTION unaccent(text) IMMUTABLE;
    ELSE
        CREATE SCHEMA extensions;
        CREATE EXTENSION unaccent SCHEMA extensions;
        CREATE FUNCTION public.unaccent(text) RETURNS text LANGUAGE sql
            IMMUTABLE STRICT PARALLEL SAFE
            AS $$ SELECT extensions.unaccent('extensions.unaccent', $1) $$;
    END IF;
END $do$;
"""
COPY_ATTEMPTS = 5


def exists(name):
    return bool(postgres.psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def drop(name):
    postgres.psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(_filestore(name), ignore_errors=True)


def drop_like(prefix, keep=()):
    """Drop every database whose name starts with `prefix`, except those in `keep`."""
    names = postgres.psql(f"SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}')")
    for name in set(names) - set(keep):
        drop(name)


def copy(source, target):
    """A copy of `source` with its files; `target` must not exist. PostgreSQL copies only what
    nobody is connected to, so whoever is gets disconnected."""
    for attempt in range(COPY_ATTEMPTS):
        postgres.psql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'"
        )
        try:
            postgres.psql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        except SetupError:
            if attempt == COPY_ATTEMPTS - 1:
                raise
            time.sleep(1)
        else:
            break
    shutil.rmtree(_filestore(target), ignore_errors=True)
    if _filestore(source).is_dir():
        shutil.copytree(_filestore(source), _filestore(target))


def rename(old, new):
    postgres.psql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
    if _filestore(old).is_dir():
        shutil.rmtree(_filestore(new), ignore_errors=True)
        _filestore(old).rename(_filestore(new))


def template():
    """Name of the database that holds all that the suite stands on; made when the pins change."""
    name = f"utility_template_{template_key()}"
    with lock("template"):
        if not exists(name):
            say("building the template database (about two minutes)")
            unfinished = f"{name}_new"
            drop(unfinished)
            postgres.psql(f"CREATE DATABASE \"{unfinished}\" TEMPLATE template0 ENCODING 'UTF8'")
            postgres.psql(EXTENSIONS, unfinished)
            # without our own folders: what installs itself would be frozen in the template
            theirs = f"--addons-path={layout.odoo_home() / 'odoo' / 'addons'}"
            odoo.call(unfinished, theirs, "-i", ",".join(_foundation()), log="template")
            _seal(unfinished, name)
    return name


def template_key():
    """Changes with the pins, with Odoo and with what the suite's manifests depend on."""
    pins = (*layout.ODOO_REQUIREMENTS, odoo_package.version(), EXTENSIONS)
    return layout.fingerprint(*pins, *_foundation())


def suite(demo=False):
    """Name of a database with every module of the suite freshly installed, with its demo town if
    `demo`; built when the code has changed. It is for copying, not for working in."""
    kind = f"utility_{'demo' if demo else 'clean'}_{layout.clone_key()}"
    name = f"{kind}_{suite_key()}"
    with lock(f"suite-{layout.clone_key()}"):
        if not exists(name):
            drop_like(f"{kind}_")
            _build(f"{kind}_new", demo)
            _seal(f"{kind}_new", name)
    return name


def suite_key():
    """Changes with the template and with the installed code of the suite."""
    return layout.fingerprint(template_key(), sorted(layout.module_fingerprints().items()))


def _foundation():
    return ["base", *layout.foreign_dependencies()]


def _build(name, demo):
    what = "the suite with its demo town" if demo else "the suite"
    base = template()
    say(f"installing {what}")
    copy(base, name)
    options = ["-i", ",".join(layout.module_names())]
    if demo:
        _let_demo_load(name)
        options.append("--with-demo")
    odoo.call(name, *options, log=f"install-{'demo' if demo else 'clean'}")
    odoo.inside("assets", name)


def _seal(unfinished, name):
    """Give a finished database its name and let nobody connect, so that it can be copied. Its
    copies do not inherit that."""
    rename(unfinished, name)
    postgres.psql(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')


def _let_demo_load(name):
    """Odoo loads a module's demo data only above modules that have theirs; the demo town does
    without Odoo's furniture shop, so the foundation counts as having it."""
    postgres.psql("UPDATE ir_module_module SET demo = true WHERE state = 'installed'", name)


def _filestore(name):
    return layout.DATA_DIR / "filestore" / name
