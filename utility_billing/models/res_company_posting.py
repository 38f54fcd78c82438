from odoo import fields, models

SALE_CODE, FUND_CODE = "UB", "UBF"


class ResCompany(models.Model):
    """How bills are posted: journals, dates, references."""

    _inherit = "res.company"

    utility_bill_journal_id = fields.Many2one(
        "account.journal",
        "Journal of Bills",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="A journal of its own: its numbers are handed out without gaps, also to several "
        "workers at once. Empty: made when the first run is posted.",
    )
    utility_fund_journal_id = fields.Many2one(
        "account.journal",
        "Journal of Benefits",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Where the state's part of bills is booked. Empty: made when it is first needed.",
    )
    utility_bill_term_id = fields.Many2one(
        "account.payment.term",
        "Payment Term of People",
        check_company=True,
        help="Unless the payer has a term of his own. Empty: due on the day of the bill.",
    )
    utility_legal_term_id = fields.Many2one(
        "account.payment.term",
        "Payment Term of Companies",
        check_company=True,
        help="Of legal and collective accounts, unless the payer has a term of his own.",
    )
    utility_bill_bank_id = fields.Many2one(
        "res.partner.bank",
        "Bank Account on Bills",
        check_company=True,
        domain="[('partner_id', '=', partner_id)]",
        help="Empty: the company's first.",
    )
    utility_bill_dating = fields.Selection(
        [("month_end", "Last day of the month"), ("posting", "Day of posting")],
        "Bills Are Dated",
        required=True,
        default="month_end",
    )
    utility_negative_bills = fields.Selection(
        [("refund", "Credit note"), ("carry", "Carried to the next bill")],
        "Bills Below Zero",
        required=True,
        default="refund",
        help="What becomes of a month in which corrections are more than the charges.",
    )
    utility_smallest_bill = fields.Monetary(
        "Smallest Bill",
        help="What comes to less, tax included, waits for the next bill; a final bill does not "
        "wait. 0: every month is billed.",
    )
    utility_reference_scheme = fields.Selection(
        [
            ("rf", "RF creditor reference (ISO 11649)"),
            ("kid10", "KID, MOD 10"),
            ("kid11", "KID, MOD 11"),
            ("qrr", "Swiss QR reference"),
            ("fi", "Finnish reference"),
            ("plain", "The number itself"),
        ],
        "Payment Reference",
        required=True,
        default="rf",
    )
    utility_reference_of = fields.Selection(
        [("account", "Account: always the same"), ("bill", "Bill: every time another")],
        "Reference of",
        required=True,
        default="account",
    )
    utility_posting_way = fields.Selection(
        [("bulk", "In bulk"), ("orm", "One by one, by Odoo")],
        "Posting",
        required=True,
        default="bulk",
        help="In bulk bills are written many at a time, exactly as Odoo would; where something "
        "asks for Odoo itself, the batch is posted one by one and says why.",
    )
    utility_analytic_services = fields.Boolean("Analytic by Service")
    utility_analytic_buildings = fields.Boolean("Analytic by Building")

    def _utility_bill_journal(self):
        """The journal of bills, made on first use."""
        self.ensure_one()
        if not self.utility_bill_journal_id:
            self._utility_journal(
                "utility_bill_journal_id", "sale", SALE_CODE, self.env._("Utility Bills")
            )
        # operators post; they need not read the ledger's set-up
        journal = self.sudo().utility_bill_journal_id
        if not journal.utility_numbers:
            journal.utility_numbers = True
        return self.utility_bill_journal_id

    def _utility_fund_journal(self):
        """The journal of what funds pay, made on first use."""
        self.ensure_one()
        if not self.utility_fund_journal_id:
            self._utility_journal(
                "utility_fund_journal_id",
                "general",
                FUND_CODE,
                self.env._("Benefits and Subsidies"),
            )
        return self.utility_fund_journal_id

    def _utility_journal(self, field, kind, code, name):
        """Make a journal of the company's own."""
        # operators post; they need not be allowed to set up the ledger
        journals = self.env["account.journal"].sudo()
        taken = set(journals.search([("company_id", "=", self.id)]).mapped("code"))
        codes = (code, *(f"{code}{number}" for number in range(2, 100)))
        self.sudo()[field] = journals.create(
            {
                "name": name,
                "type": kind,
                "code": next(each for each in codes if each not in taken),
                "company_id": self.id,
                "refund_sequence": False,
                "show_on_dashboard": kind == "sale",
            }
        )

    def _utility_bill_date(self, month):
        """:param month: any day of it"""
        if self.utility_bill_dating == "posting":
            return fields.Date.context_today(self)
        return fields.Date.end_of(month, "month")
