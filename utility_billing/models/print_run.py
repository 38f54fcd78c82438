from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import split_every

# longer work is done by jobs
SECONDS_AT_ONCE = 15
STEPS = frozenset({"state", "started_at", "ended_at", "run_user_id"})
SCOPE = frozenset(
    {
        "company_id",
        "billing_run_id",
        "month",
        "premise_ids",
        "account_ids",
        "move_ids",
        "on_paper",
        "not_printed",
        "order",
        "output",
        "part_size",
    }
)


class PrintRun(models.Model):
    """Bills on paper: chosen, put into the order they are carried out in, printed part by part."""

    _name = "utility.print.run"
    _description = "Printing Run"
    _inherit = ["utility.run.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _channel = "root.utility_printing"
    _slices_field = "part_ids"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    billing_run_id = fields.Many2one(
        "utility.billing.run",
        check_company=True,
        index="btree_not_null",
        domain="[('state', 'in', ('posting', 'posted', 'delivered'))]",
        ondelete="restrict",
        help="Its bills; empty: bills of all runs.",
    )
    month = fields.Date(help="Any day of the month that was billed; empty: all months.")
    premise_ids = fields.Many2many(
        "utility.premise",
        "utility_print_run_premise_rel",
        string="Places",
        help="Buildings, streets or towns with all that is in them; empty: everywhere.",
    )
    account_ids = fields.Many2many(
        "utility.account",
        "utility_print_run_account_rel",
        string="Accounts",
        check_company=True,
        help="Empty: all.",
    )
    move_ids = fields.Many2many(
        "account.move",
        "utility_print_run_move_rel",
        string="Chosen Bills",
        check_company=True,
        readonly=True,
        help="Chosen in the list of bills; all else is empty then.",
    )
    chosen_count = fields.Integer("Bills Chosen", compute="_compute_chosen_count")
    on_paper = fields.Boolean(
        "Only Accounts on Paper",
        default=True,
        help="Accounts that get their bills by e-mail, portal or as e-invoices are left out.",
    )
    not_printed = fields.Boolean(
        "Only Not Yet Printed", default=True, help="Bills that were printed before are left out."
    )
    order = fields.Selection(
        [
            ("route", "Route: town, street, house, flat"),
            ("postcode", "Post code of the address it is sent to"),
            ("account", "Account number"),
        ],
        "In Order Of",
        required=True,
        default="route",
    )
    output = fields.Selection(
        [
            ("file", "One file for many bills"),
            ("zip", "A file a bill, in archives"),
            ("bills", "A file a bill, attached to it"),
        ],
        "Files",
        required=True,
        default="file",
    )
    part_size = fields.Integer(
        "Bills a Part",
        required=True,
        default=500,
        help="So many bills are printed in one go, into one file or archive.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("calculating", "Printing"),
            ("failed", "To Mend"),
            ("done", "Printed"),
            ("cancelled", "Stopped"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    part_ids = fields.One2many("utility.print.part", "run_id", "Parts", readonly=True)
    line_ids = fields.One2many("utility.print.line", "run_id", "Bills", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    printed_count = fields.Integer("Bills Printed", compute="_compute_progress")
    page_count = fields.Integer("Pages", compute="_compute_progress")
    failed_count = fields.Integer("Failed Parts", compute="_compute_progress")

    _part_size_positive = models.Constraint(
        "CHECK (part_size BETWEEN 1 AND 5000)", "A part has from 1 to 5,000 bills."
    )

    # -- defaults and computes --------------------------------------------------------------

    @api.depends(
        "billing_run_id.name", "month", "premise_ids.address", "account_ids.number", "move_ids"
    )
    def _compute_name(self):
        for run in self:
            about = [
                *run.billing_run_id.mapped("name"),
                *([run.month.strftime("%Y-%m")] if run.month else []),
                *run.premise_ids.mapped("display_name"),
                *run.account_ids.mapped("number"),
            ]
            more = ["…"] if len(about) > 3 else []
            chosen = run._chosen_by_hand()
            plain = self.env._("Chosen bills") if chosen else self.env._("All bills")
            run.name = ", ".join([*about[:3], *more]) or plain

    @api.depends("move_ids")
    def _compute_chosen_count(self):
        for run in self:
            run.chosen_count = len(run._chosen_by_hand())

    @api.depends("part_ids.state", "part_ids.bill_count", "part_ids.page_count")
    def _compute_progress(self):
        for run in self:
            done = run.part_ids.filtered(lambda part: part.state == "done")
            run.progress = run._done_share("bill_count")
            run.printed_count = sum(done.mapped("bill_count"))
            run.page_count = sum(done.mapped("page_count"))
            run.failed_count = len(run.part_ids.filtered(lambda part: part.state == "failed"))

    # -- CRUD -------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            begun = {**dict.fromkeys(STEPS, False), "state": "draft"}
            vals_list = [{**vals, **begun} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if STEPS & set(vals) and not self.env.su:
            raise AccessError(self.env._("A printing run goes on by its buttons: print, stop."))
        if SCOPE & set(vals):
            self._refuse_unless("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_printed(self):
        for run in self:
            if run.state != "draft" and run.printed_count:
                raise UserError(
                    self.env._("%s says who printed what: it is kept for the record.", run.name)
                )

    def _refuse_unless(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for run in self:
            if run.state not in states:
                raise UserError(
                    self.env._(
                        "%(run)s is %(state)s: that is not possible any more.",
                        run=run.name,
                        state=labels[run.state].lower(),
                    )
                )

    # -- buttons ----------------------------------------------------------------------------

    def action_print(self):
        """Put the bills in order and print them: a few at once, many as jobs.

        :raise UserError: there are none
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._refuse_unless("draft")
        move_ids = self._ordered_ids()
        if not move_ids:
            raise UserError(
                self.env._(
                    "There are no bills like that to print. Bills that were printed before, or go "
                    "out by e-mail, are left out unless you say otherwise."
                )
            )
        self._cut(move_ids)
        return self._begin(self.part_ids)

    def action_print_failed(self):
        """Print the parts that failed, after what kept them was mended."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._refuse_unless("failed")
        return self._begin(self.part_ids.filtered(lambda part: part.state == "failed"))

    def action_print_again(self):
        """Make all files anew: they say what they said."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._refuse_unless("done", "cancelled")
        return self._begin(self.part_ids)

    def action_cancel(self):
        """Stop after the parts that are at work; what is printed stays printed."""
        self.check_access("write")
        self._refuse_unless("calculating", "failed")
        # the user may write the run; its steps are written by nobody else
        self.sudo().write({"state": "cancelled", "ended_at": fields.Datetime.now()})

    def _lock(self):
        # the user's right to write the run is checked by the buttons
        for run in self - self.sudo().try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "%s is being started by somebody else. Look at it again in a moment.", run.name
                )
            )

    def _begin(self, parts):
        """Work on parts: at once when that takes seconds, else as jobs."""
        # parts and steps are the run's own; users only read them
        parts.sudo().write({"state": "todo", "message": False})
        self.sudo().write(self._beginning())
        if self._seconds_for(parts.line_ids.move_id) <= SECONDS_AT_ONCE:
            for part in parts:
                part._job_calculate()
            self._finish()
        else:
            parts._enqueue()
        return True

    def _opened(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print Bills"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_open_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bills of %s", self.name),
            "res_model": "utility.print.line",
            "view_mode": "list",
            "domain": [("run_id", "=", self.id)],
        }

    # -- parts ------------------------------------------------------------------------------

    def _cut(self, move_ids):
        """Parts of the bills, in their order."""
        # parts are the run's own; users only read them
        self.part_ids.sudo().unlink()
        slices = list(split_every(self.part_size, move_ids, list))
        parts = (
            self.env["utility.print.part"]
            .sudo()
            .create(
                [
                    {"run_id": self.id, "number": number, "bill_count": len(part)}
                    for number, part in enumerate(slices, 1)
                ]
            )
        )
        self._add_lines(parts, slices)

    # -- the end ----------------------------------------------------------------------------

    def _conclude(self):
        """All parts are done, or those that failed wait to be mended."""
        # the user may write the run; its steps are written by nobody else
        self.sudo().write(
            {
                "state": "failed" if self.failed_count else "done",
                "ended_at": fields.Datetime.now(),
            }
        )
        self.message_post(
            body=self.env._(
                "%(bills)s bills on %(pages)s pages were printed.",
                bills=self.printed_count,
                pages=self.page_count,
            )
        )
