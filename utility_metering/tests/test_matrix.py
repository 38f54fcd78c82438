from odoo.tests import tagged

from odoo.addons.utility_base.tests.matrix import ALL, MatrixChecks

from .common import MeteringCommon

MATRIX = {
    # field controller, cashier, auditor, manager, meter engineer, clerk, billing operator,
    # debt officer, lawyer, administrator
    "utility.agreed.quantity": ("", "r", "r", "r", "rwc", "r", "rwc", "r", "r", "rwc"),
    "utility.check.visit": ("rwc", "r", "r", "r", "rwc", "rwc", "r", "r", "r", "rwc"),
    "utility.conversion": ("", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.conversion.value": ("", "r", "r", "r", "rwc", "r", "r", "r", "r", "rwc"),
    "utility.degree.day": ("", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.derivation": ("", "r", "r", "r", "rwc", "r", "rwc", "r", "r", "rwc"),
    "utility.estimation.rule": ("", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.lift.schedule": ("", "r", "r", "r", "rwc", "r", "r", "r", "r", "rwc"),
    "utility.loss.limit": ("", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.meter": ("r", "r", "r", "r", "rwc", "r", "r", "r", "r", "rwc"),
    "utility.meter.act": ("rwc", "r", "r", "r", "rwc", "r", "r", "r", "r", "rwc"),
    "utility.meter.installation": ("r", "r", "r", "r", "rwc", "r", "r", "r", "r", "rwc"),
    "utility.meter.outage": ("", "r", "r", "r", "rwc", "r", "r", "r", "r", "rwc"),
    "utility.meter.register": ("r", "r", "r", "r", "rwc", "r", "r", "r", "r", "rwc"),
    "utility.meter.seal": ("rwc", "r", "r", "r", "rwc", "r", "r", "r", "r", "rwc"),
    "utility.meter.type": ("r", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.meter.type.register": ("r", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.meter.verification": ("r", "r", "r", "r", "rwc", "r", "r", "r", "r", "rwc"),
    "utility.network.balance": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.norm": ("", "r", "r", "r", "rwc", "r", "rwc", "r", "r", "rwc"),
    "utility.reading": ("rwc", "r", "r", "r", "rwc", "rwc", "r", "r", "r", "rwc"),
    "utility.reading.finding": ("r", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.reading.window": ("r", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.route": ("r", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.route.call": ("rwc", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.suspicion": ("", "r", "r", "r", "rw", "r", "r", "r", "r", "rw"),
    "utility.tou.zone": ("r", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.usage": ("r", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.usage.problem": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.usage.run": ("", "r", "r", "r", ALL, "r", ALL, "r", "r", ALL),
    "utility.usage.run.slice": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.usage.run.total": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.usage.stale": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.vee.group": ("", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    "utility.vee.rule": ("", "r", "r", "r", ALL, "r", "r", "r", "r", ALL),
    # wizards
    "utility.check.visit.wizard": (ALL, "", "", "", ALL, ALL, "", "", "", ALL),
    "utility.installation.undo": ("", "", "", "", ALL, "", "", "", "", ALL),
    "utility.meter.work": ("", "", "", "", ALL, "", "", "", "", ALL),
    "utility.meter.work.line": ("", "", "", "", ALL, "", "", "", "", ALL),
    "utility.meter.work.seal": ("", "", "", "", ALL, "", "", "", "", ALL),
    "utility.move.reading.line": ("", "", "", "", "", ALL, "", "", "", ALL),
    "utility.network.balance.wizard": ("", "", "", ALL, ALL, "", "", "", "", ALL),
    "utility.reading.decision.wizard": ("", "", "", "", ALL, ALL, "", "", "", ALL),
    "utility.route.wizard": ("", "", "", "", ALL, "", "", "", "", ALL),
    "utility.suspicion.explain": ("", "", "", "", ALL, "", "", "", "", ALL),
    "utility.verification.notice": ("", "", "", "", ALL, "", "", "", "", ALL),
}


@tagged("post_install", "-at_install")
class TestMatrix(MatrixChecks, MeteringCommon):
    matrix = MATRIX
    module = "utility_metering"
