from odoo.tests import tagged

from odoo.addons.utility_base.tests import test_facts_tours


@tagged("post_install", "-at_install")
class TestMeteringUnits(test_facts_tours.TestUnits):
    """The unit tests of metering's screens."""

    allow_inherited_tests_method = True
    SUITE = "@utility_metering"
