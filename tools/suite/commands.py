"""What each verb of the Makefile does. Every one takes the process's environment variables."""

import shutil

from . import layout, postgres
from .shell import SetupError, say

VERBS = ("run", "test", "lint", "format", "bench", "i18n", "pictures", "stop", "clean")


def run(env):
    """PORT and DATABASE say where; the defaults are 8069 and utility_demo."""
    from . import demo

    return demo.serve(env.get("DATABASE") or "utility_demo", int(env.get("PORT") or 8069))


def test(env):
    """MODULES (comma-separated) and TAGS (Odoo's --test-tags) narrow the run for a developer."""
    from . import testing

    return testing.run(_listed(env.get("MODULES")), env.get("TAGS") or None)


def lint(_env):
    from . import lint as linters

    return linters.run()


def format(_env):
    """Write what `lint` would only complain about."""
    from . import lint as linters

    return linters.reformat()


def bench(env):
    """ONLY (comma-separated parts of names) chooses some of the benchmarks."""
    from . import bench as benchmarks

    return benchmarks.run(_listed(env.get("ONLY")))


def i18n(_env):
    """Write the modules' .pot files and merge their .po files."""
    from . import translations

    return translations.run()


def pictures(_env):
    """Write docs/images anew."""
    from . import pictures as album

    return album.run()


def stop(_env):
    from . import demo

    demo.stop()
    postgres.stop()
    return 0


def clean(env):
    """Remove everything that was set up. Databases on a server that was given stay, except the
    working copies of this clone."""
    from . import databases

    if layout.LOCAL.is_symlink():
        raise SetupError(f"{layout.LOCAL} is a link to another working tree's: clean it there.")
    stop(env)
    if postgres.is_given():
        postgres.ensure()
        for kind in ("clean", "demo", "test", "bench"):
            databases.drop_like(f"utility_{kind}_{layout.clone_key()}")
    else:
        postgres.remove()
    shutil.rmtree(layout.LOCAL, ignore_errors=True)
    say("removed .local")
    return 0


def _listed(text):
    return [part.strip() for part in (text or "").split(",") if part.strip()]
