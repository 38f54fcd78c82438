from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class VerificationNotice(models.TransientModel):
    """Tells the payers that the verification of their meters ends: once for each deadline."""

    _name = "utility.verification.notice"
    _description = "Notices of Verification"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    meter_ids = fields.Many2many("utility.meter", string="Meters")
    template_id = fields.Many2one(
        "utility.document.template",
        "Letter",
        required=True,
        domain="[('kind', '=', 'letter'), ('company_id', 'in', (False, company_id))]",
        default=lambda self: self.env.ref(
            "utility_metering.template_letter_verification", raise_if_not_found=False
        ),
    )
    channel = fields.Selection(
        lambda self: (
            self.env["utility.correspondence.run"]
            ._fields["channel"]
            ._description_selection(self.env)
        ),
        "By",
        required=True,
        default="account",
    )
    again = fields.Boolean("Also Those Told before", help="A second letter about one deadline.")
    account_count = fields.Integer("Letters", compute="_compute_counts")
    told_count = fields.Integer("Told before", compute="_compute_counts")
    undated_count = fields.Integer("No Last Day Known", compute="_compute_counts")
    orphan_count = fields.Integer("Nobody to Write to", compute="_compute_counts")

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        if self.env.context.get("active_model") == "utility.meter":
            values["meter_ids"] = [Command.set(self.env.context.get("active_ids") or [])]
        return values

    @api.depends("meter_ids", "again")
    def _compute_counts(self):
        for notice in self:
            meters = notice.meter_ids._origin
            accounts = meters._payers_by_meter()
            dated = meters.filtered("valid_until")
            told = dated.filtered(lambda meter: meter.notified_for == meter.valid_until)
            notice.undated_count = len(meters - dated)
            notice.told_count = len(told)
            notice.orphan_count = len(
                dated.filtered(lambda meter, accounts=accounts: not accounts[meter])
            )
            notice.account_count = len(notice._to_tell()._payers())

    def _to_tell(self):
        """Meters with a last day whose payers were not told of it yet."""
        payers = self.meter_ids._origin._payers_by_meter()
        return self.meter_ids._origin.filtered(
            lambda meter: (
                meter.company_id == self.company_id
                and meter.valid_until
                and (self.again or meter.notified_for != meter.valid_until)
                and payers[meter]
            )
        )

    def action_write(self):
        """Write the letters and show them."""
        run = self._write()
        return {
            "type": "ir.actions.act_window",
            "res_model": run._name,
            "res_id": run.id,
            "view_mode": "form",
        }

    def _write(self):
        """Start a mass letter to the payers and remember of which deadline they were told.

        :return: the mass letter
        """
        self.env["utility.meter"].check_access("write")
        meters = self._to_tell()
        if not meters:
            raise UserError(
                self.env._(
                    "None of the meters needs a notice: their payers were told before, no last day "
                    "of verification is known, or nobody pays for them."
                )
            )
        # meter engineers write no letters but these
        runs = self.env["utility.correspondence.run"].sudo()
        run = runs.create(
            {
                "name": self.env._("Verification of meters"),
                "company_id": self.company_id.id,
                "template_id": self.template_id.id,
                "account_ids": [Command.set(meters._payers().ids)],
                "meter_ids": [Command.set(meters.ids)],
                "channel": self.channel,
            }
        )
        run._start()
        for meter in meters:
            meter.notified_for = meter.valid_until
        return run.sudo(False)
