from odoo import fields, models

# more than there are days from the year 1 to 9999
DAYS = 2**22


def _corner(day):
    """SQL of the point that stands for a supply on a day."""
    return f"point(account_id::float8 * {DAYS} + ({day} - DATE '0001-01-01'), service_point_id)"


class ChargeClaim(models.Model):
    """“This supply, this period is billed”: unique while live. What forbids billing twice.

    A correction claims the charges that it is the difference to (`basis`): two runs that found the
    same difference cannot both be approved.
    """

    _name = "utility.charge.claim"
    _description = "Claim of a Billed Period"
    _order = "date_start desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    run_id = fields.Many2one("utility.billing.run", index=True, readonly=True, ondelete="restrict")
    account_id = fields.Many2one(
        "utility.account", required=True, readonly=True, ondelete="restrict"
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

    # A supply's days are a box: wide by the days, each account on a stretch of its own, and as low
    # as the point's id. Two boxes overlap when account, point and a day are the same; whole numbers
    # below 2^53 are exact. One key of this kind costs half of what five usual ones do.
    _one_live_supply = models.Constraint(
        f"EXCLUDE USING gist ((box({_corner('date_start')}, {_corner('date_end')})) WITH &&) "
        "WHERE (released_at IS NULL AND kind = 'supply')",
        "These days are billed already.",
    )
    _supply_has_point = models.Constraint(
        "CHECK (kind <> 'supply' OR service_point_id IS NOT NULL)",
        "A supply has a service point.",
    )
    _one_live = models.Constraint(
        "EXCLUDE USING gist (account_id WITH =, (COALESCE(service_point_id, 0)) WITH =, "
        "kind WITH =, (COALESCE(source, '')) WITH =, daterange(date_start, date_end, '[]') "
        "WITH &&) WHERE (released_at IS NULL AND kind <> 'supply')",
        "These days are billed already.",
    )
    _by_account = models.Index("(account_id, date_end)")
    _dates_in_order = models.Constraint(
        "CHECK (date_end >= date_start)", "The last day may not come before the first one."
    )
