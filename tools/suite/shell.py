"""Running commands: one way to call, one way to fail."""

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

from . import layout


class SetupError(Exception):
    """Something the user has to do; the message says what."""


def say(text):
    print(f"· {text}", flush=True)


def run(*command, quiet=False, **options):
    """Run and return the finished process; output is shown only when it fails if `quiet`."""
    if quiet:
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.STDOUT)
    options.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run([str(part) for part in command], text=True, check=False, **options)
    if done.returncode:
        if quiet and done.stdout:
            sys.stderr.write(done.stdout[-4000:])
        raise SetupError(
            f"{command[0]} ended with {done.returncode}: {' '.join(map(str, command))}"
        )
    return done


def output(*command, **options):
    return run(*command, stdout=subprocess.PIPE, **options).stdout


def is_root():
    return os.geteuid() == 0


@contextmanager
def lock(name):
    """Only one process of this clone at a time is inside; the others wait."""
    layout.make_local()
    with open(layout.LOCAL / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def need_debian_packages(probes):
    """Install what is missing when root, else say the exact command.

    :param probes: {package: path or program that shows it is there}
    """
    missing = [package for package, probe in probes.items() if not _is_there(probe)]
    if not missing:
        return
    if not is_root():
        raise SetupError(
            "Missing system packages. Run, as root:\n    apt-get install -y " + " ".join(missing)
        )
    say("installing system packages: " + " ".join(missing))
    quiet_env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run("apt-get", "update", quiet=True, env=quiet_env)
    install = ("apt-get", "install", "-y", "--no-install-recommends")
    run(*install, *missing, quiet=True, env=quiet_env)


def _is_there(probe):
    return os.path.exists(probe) if probe.startswith("/") else shutil.which(probe)
