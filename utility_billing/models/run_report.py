from odoo import fields, models
from odoo.tools import SQL


class RunReport(models.Model):
    """Batches of billing runs, calculated and posted: how many, how fast, what went wrong."""

    _name = "utility.run.report"
    _description = "Run Statistics"
    _auto = False
    _order = "month desc, run_id desc, stage, id"
    _rec_name = "run_id"

    company_id = fields.Many2one("res.company", readonly=True)
    run_id = fields.Many2one("utility.billing.run", "Billing Run", readonly=True)
    month = fields.Date(readonly=True)
    stage = fields.Selection([("calculate", "Calculation"), ("post", "Posting")], readonly=True)
    state = fields.Selection(
        [("todo", "To Do"), ("done", "Done"), ("failed", "Failed")], readonly=True
    )
    account_count = fields.Integer("Accounts", readonly=True)
    charge_count = fields.Integer("Charges", readonly=True)
    held_count = fields.Integer("Held Accounts", readonly=True)
    bill_count = fields.Integer("Bills", readonly=True)
    seconds = fields.Float(digits=(16, 2), readonly=True, help="Of the machine, in one worker.")
    wait_seconds = fields.Float("Waited for Numbers, s", digits=(16, 3), readonly=True)
    speed = fields.Float(
        "Accounts a Second", digits=(16, 1), readonly=True, aggregator="avg", help="Of one worker."
    )
    way = fields.Selection([("bulk", "In bulk"), ("orm", "One by one")], "Posted", readonly=True)
    fallback_reason = fields.Char("Why One by One", readonly=True)
    failed = fields.Integer("Failed Batches", readonly=True)
    message = fields.Text("What to Mend", readonly=True)

    _depends = {
        "utility.billing.run": ["month"],
        "utility.billing.batch": ["state", "account_count", "charge_count", "seconds"],
        "utility.billing.posting": ["state", "account_count", "bill_count", "seconds", "way"],
    }

    def _read_group_select(self, aggregate_spec, query):
        """A speed is accounts by seconds, not an average of speeds."""
        if aggregate_spec != "speed:avg":
            return super()._read_group_select(aggregate_spec, query)
        accounts, seconds = (
            self._field_to_sql(self._table, name, query) for name in ("account_count", "seconds")
        )
        return SQL(
            "SUM(%s) FILTER (WHERE %s > 0) / NULLIF(SUM(%s)::numeric, 0)",
            accounts,
            seconds,
            seconds,
        )

    @property
    def _table_query(self):
        """Numbers are even for calculated batches, odd for posted ones."""
        return SQL(
            """
            SELECT stages.*, date_trunc('month', run.month)::date AS month,
                   stages.account_count / NULLIF(stages.seconds, 0) AS speed,
                   (stages.state = 'failed')::int AS failed
            FROM (
                SELECT 2 * id AS id, company_id, run_id, 'calculate' AS stage, state, account_count,
                       charge_count, held_count, NULL::int AS bill_count, seconds,
                       NULL::numeric AS wait_seconds, NULL AS way, NULL AS fallback_reason,
                       NULL AS message
                FROM utility_billing_batch
                UNION ALL
                SELECT 2 * id + 1, company_id, run_id, 'post', state, account_count, NULL, NULL,
                       bill_count, seconds, wait_seconds, way, fallback_reason, message
                FROM utility_billing_posting
            ) stages JOIN utility_billing_run run ON run.id = stages.run_id
            """
        )
