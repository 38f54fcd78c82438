from odoo.tests import tagged

from odoo.addons.utility_base.tests.matrix import ALL, MatrixChecks

from .common import BillingCommon

MATRIX = {
    # field controller, cashier, auditor, manager, meter engineer, clerk, billing operator,
    # debt officer, lawyer, administrator
    "utility.adjustment": ("", "r", "r", "r", "r", "rwc", "rwc", "r", "r", "rwc"),
    "utility.adjustment.line": ("", "r", "r", "r", "r", ALL, ALL, "r", "r", ALL),
    "utility.allocation.assignment": ("", "r", "r", "r", "r", "r", "rwc", "r", "r", "rwc"),
    "utility.allocation.method": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.allocation.run": ("", "r", "r", "r", "r", "r", "rw", "r", "r", "rw"),
    "utility.allocation.share": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.allocation.step": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.benefit": ("", "r", "r", "r", "r", "rwc", "rwc", "r", "r", "rwc"),
    "utility.benefit.kind": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.benefit.norm": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.bill.copy": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.bill.layout": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.billing.batch": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.billing.problem": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.billing.run": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.billing.run.total": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.charge": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.charge.claim": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.holiday": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.norm.raising": ("", "r", "r", "r", "r", "r", "rwc", "r", "r", "rwc"),
    "utility.rate.assignment": ("", "r", "r", "r", "r", "r", "rwc", "r", "r", "rwc"),
    "utility.rate.assignment.line": ("", "r", "r", "r", "r", "r", "rwc", "r", "r", "rwc"),
    "utility.rate.assignment.slice": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.rate.comparison": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.rate.comparison.bucket": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.rate.comparison.line": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.rate.comparison.slice": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.rate.component": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.rate.line": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.rate.plan": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.rate.schedule": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.rate.version": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.service.source": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.service.tax": ("", "r", "r", "r", "r", "r", "rwc", "r", "r", "rwc"),
    "utility.subsidy": ("", "r", "r", "r", "r", "rwc", "rwc", "r", "r", "rwc"),
    "utility.subsidy.use": ("", "r", "r", "r", "r", "r", "r", "r", "r", "r"),
    "utility.tou.calendar": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    "utility.tou.window": ("", "r", "r", "r", "r", "r", ALL, "r", "r", ALL),
    # wizards
    "utility.adjustment.decision": ("", "", "", "", "", ALL, ALL, "", "", ALL),
    "utility.allocation.calculate": ("", "", "", "", "", "", ALL, "", "", ALL),
    "utility.allocation.calculate.line": ("", "", "", "", "", "", ALL, "", "", ALL),
    "utility.allocation.preview": ("", "", "", "", "", "", ALL, "", "", ALL),
    "utility.allocation.spread": ("", "", "", "", "", "", ALL, "", "", ALL),
    "utility.allocation.spread.line": ("", "", "", "", "", "", ALL, "", "", ALL),
    "utility.correction.preview": ("", ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL),
    "utility.correction.preview.line": ("", ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL),
    "utility.reconciliation.act": ("", ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL),
    "utility.rate.assign.line": ("", "", "", "", "", "", ALL, "", "", ALL),
    "utility.rate.assign.wizard": ("", "", "", "", "", "", ALL, "", "", ALL),
    "utility.rate.check": ("", ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL),
    "utility.rate.check.line": ("", ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL),
    "utility.rate.price.wizard": ("", "", "", "", "", "", ALL, "", "", ALL),
    "utility.rate.withdraw.wizard": ("", "", "", "", "", "", ALL, "", "", ALL),
}


@tagged("post_install", "-at_install")
class TestMatrix(MatrixChecks, BillingCommon):
    matrix = MATRIX
    module = "utility_billing"
