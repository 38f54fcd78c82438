from odoo import fields, models


class ChargeClaim(models.Model):
    """“This supply, this period is billed”: unique while live. What forbids billing twice.

    A correction claims the charges that it is the difference to (`basis`): two runs that found the
    same difference cannot both be approved.
    """

    _name = "utility.charge.claim"
    _description = "Claim of a Billed Period"
    _order = "date_start desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    run_id = fields.Many2one("utility.billing.run", index=True, readonly=True, ondelete="restrict")
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, readonly=True, ondelete="restrict"
    )
    service_point_id = fields.Many2one(
        "utility.service.point", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("supply", "A period of a supply"),
            ("correction", "A correction of a period"),
            ("source", "A document: adjustment, subsidy"),
        ],
        required=True,
        readonly=True,
    )
    source = fields.Char(
        readonly=True,
        default="",
        help="What a document's claim is about, as kind and id; the last charge that a correction "
        "is the difference to.",
    )
    date_start = fields.Date("From", required=True, readonly=True)
    date_end = fields.Date("To", required=True, readonly=True)
    cycle_start = fields.Date("Cycle from", readonly=True)
    cycle_end = fields.Date("Cycle to", readonly=True)
    cycle_months = fields.Integer("Cycle's Months", readonly=True)
    facts_at = fields.Datetime(
        "Facts of", required=True, readonly=True, help="When the facts behind were read."
    )
    released_at = fields.Datetime(readonly=True, index="btree_not_null")

    _one_live = models.Constraint(
        "EXCLUDE USING gist (account_id WITH =, (COALESCE(service_point_id, 0)) WITH =, "
        "kind WITH =, (COALESCE(source, '')) WITH =, daterange(date_start, date_end, '[]') "
        "WITH &&) WHERE (released_at IS NULL)",
        "These days are billed already.",
    )
    _live_of_account = models.Index(
        "(account_id, date_end) WHERE released_at IS NULL AND kind = 'supply'"
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end >= date_start)", "The last day may not come before the first one."
    )
