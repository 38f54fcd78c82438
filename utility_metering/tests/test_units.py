from odoo.tests import tagged

from odoo.addons.utility_base.tests import test_facts_tours


@tagged("post_install", "-at_install")
class TestMeteringUnits(test_facts_tours.TestUnits):
    """The unit tests of metering's screens."""

    SUITE = "@utility_metering"
