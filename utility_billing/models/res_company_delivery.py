from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .bill_delivery import CHANNELS


class ResCompany(models.Model):
    """How bills reach people."""

    _inherit = "res.company"

    utility_fallback_first = fields.Selection(
        CHANNELS,
        "Not Delivered: Next",
        default="paper",
        help="The way of a bill that could not be sent as its account wants. Empty: it waits in "
        "the list of what was not delivered.",
    )
    utility_fallback_second = fields.Selection(CHANNELS, "Then")
    utility_einvoice_way = fields.Selection(
        [
            ("email", "By e-mail, together with the PDF"),
            ("file", "As files, for the operator of e-invoices"),
        ],
        "E-invoices",
        required=True,
        default="email",
    )
    utility_mail_template_id = fields.Many2one(
        "mail.template",
        "Text of E-mails",
        domain="[('model', '=', 'account.move')]",
        help="Empty: the one that comes along. Its text can be edited in every language.",
    )

    @api.constrains("utility_fallback_first", "utility_fallback_second")
    def _check_fallbacks(self):
        for company in self:
            first, second = company.utility_fallback_first, company.utility_fallback_second
            if second and (not first or first == second):
                raise ValidationError(
                    self.env._(
                        "%s: choose two different ways for bills that were not delivered, the "
                        "first of them first.",
                        company.name,
                    )
                )

    def _utility_fallbacks(self):
        ways = (self.utility_fallback_first, self.utility_fallback_second)
        return [way for way in ways if way]

    def _utility_mail_template(self):
        return self.utility_mail_template_id or self.env.ref("utility_billing.bill_mail_template")
