"""What went wrong in long work, kept in words so that the rest can go on."""

import logging

import psycopg2

from odoo.exceptions import ConcurrencyError, RedirectWarning, UserError

from odoo.addons.queue_job.exception import BaseQueueJobError

_logger = logging.getLogger(__name__)

# of the machine (a lost connection, two workers at one row): the queue tries again
PASSING = (
    psycopg2.OperationalError,
    psycopg2.InterfaceError,
    ConcurrencyError,
    BaseQueueJobError,
)


def words_of(env, error, what):
    """An error for whoever can mend it; one of the program is logged.

    :param what: the work that it keeps from being done, as the log names it
    """
    if isinstance(error, (UserError, RedirectWarning)):
        return error.args[0]
    _logger.error("Failed: %s", what, exc_info=error)
    return env._(
        "An error in the program: %(error)s. Have an administrator look up “%(what)s” in the "
        "server's log, then try again.",
        error=repr(error),
        what=what,
    )
