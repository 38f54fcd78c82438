from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

# kinds of bills that follow from what their run is made for
OF_PURPOSE = {"one_off": "one_off", "advance": "advance", "final": "final"}


class Posting(models.AbstractModel):
    """Bills that are not of the month: corrections of one bill, what replaces a cancelled one,
    final bills, one-off services, advances. They name what they are about."""

    _inherit = "utility.posting"

    @api.model
    def _charge_rows(self, run, first_id, last_id):
        rows = super()._charge_rows(run, first_id, last_id)
        originals = self._originals(run, rows)
        settled = self._settled(rows)
        return [
            row._replace(corrects_id=originals.get(row.id, 0), settles_id=settled.get(row.id, 0))
            for row in rows
        ]

    def _originals(self, run, rows):
        """{correction: the bill that its period was first billed on}, where corrections are bills
        of their own."""
        company = run.company_id
        wanted = [row for row in rows if row.is_correction]
        if company.utility_correction_bills == "next" or not wanted:
            return {}
        if company.utility_correction_bills == "separate_legal":
            accounts = self.env["utility.account"].search(
                Domain("id", "in", list({row.bill_account_id for row in wanted}))
                & Domain("kind", "!=", "individual")
            )
            wanted = [row for row in wanted if row.bill_account_id in accounts._ids]
        return dict(
            self.env.execute_query(
                SQL(
                    """
                SELECT charge.id, original.move_id FROM utility_charge charge
                CROSS JOIN LATERAL (
                    SELECT line.move_id FROM utility_charge first
                    JOIN account_move_line line ON line.id = first.move_line_id
                    JOIN account_move move ON move.id = line.move_id
                    WHERE first.account_id = charge.account_id
                    AND first.service_point_id = charge.service_point_id
                    AND first.period_start = charge.period_start
                    AND first.period_end = charge.period_end
                    AND first.state = 'posted' AND NOT first.is_correction
                    AND move.move_type IN ('out_invoice', 'out_refund')
                    ORDER BY first.id LIMIT 1
                ) original
                WHERE charge.id = ANY(%s)
                """,
                    [row.id for row in wanted],
                )
            )
        )

    def _settled(self, rows):
        """{charge that takes an advance off: the bill of the advance}"""
        wanted = [row.id for row in rows if row.kind == "settlement"]
        if not wanted:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    """
                SELECT charge.id, line.move_id FROM utility_charge charge
                JOIN utility_charge advance ON advance.id = charge.source_id
                JOIN account_move_line line ON line.id = advance.move_line_id
                WHERE charge.id = ANY(%s)
                """,
                    wanted,
                )
            )
        )

    @api.model
    def _carry(self, bills, facts):
        """A correction invoice says what it says now; only the month's bills may wait."""
        if facts.run.purpose != "regular":
            return bills, []
        apart = [bill for bill in bills if bill.corrects_id]
        posted, waiting = super()._carry([bill for bill in bills if not bill.corrects_id], facts)
        return posted + apart, waiting

    @api.model
    def _why_not_bulk(self, facts, prepared):
        if facts.run.rebill_id or any(entry.bill.corrects_id for entry in prepared):
            return self.env._("Bills that name the one they correct are posted one by one.")
        return super()._why_not_bulk(facts, prepared)

    @api.model
    def _prepare_bills(self, facts, bills):
        prepared = super()._prepare_bills(facts, bills)
        self._name_kinds(facts, prepared)
        return prepared

    def _name_kinds(self, facts, prepared):
        """What kind of bill each is, which it corrects or replaces, and what it says of that."""
        moves = facts.env["account.move"]
        replaced = {
            (bill.utility_account_id.id, bill.partner_id.id): bill
            for bill in facts.run.rebill_id.bill_ids.sorted("id", reverse=True)
        }
        kind = OF_PURPOSE.get(facts.run.purpose)
        for entry in prepared:
            bill, vals = entry.bill, entry.vals
            if kind:
                vals["utility_bill_kind"] = kind
            before = replaced.get((bill.account_id, bill.partner_id), moves)
            if bill.corrects_id:
                self._correct(entry, moves.browse(bill.corrects_id), facts)
            elif before:
                vals["utility_bill_kind"] = before.utility_bill_kind
                vals["utility_corrects_id"] = before.id
                vals["narration"] = self._words_about(facts, bill, before, "replaces")
            self._name_settlements(entry, facts)

    def _correct(self, entry, original, facts):
        entry.vals["utility_bill_kind"] = "correction"
        entry.vals["utility_corrects_id"] = original.id
        entry.vals["narration"] = self._words_about(facts, entry.bill, original, "corrects")
        if entry.is_refund:
            entry.vals["reversed_entry_id"] = original.id

    def _words_about(self, facts, bill, original, what):
        env = facts.env(context={**facts.env.context, "lang": facts.words.lang_of(bill)})
        values = {
            "number": original.name,
            "day": format_date(env, original.invoice_date),
        }
        if what == "replaces":
            return env._("Replaces bill %(number)s of %(day)s, which was cancelled.", **values)
        return env._("Corrects bill %(number)s of %(day)s.", **values)

    def _name_settlements(self, entry, facts):
        lines = entry.vals["invoice_line_ids"]
        for line, vals in zip(entry.bill.lines, lines, strict=True):
            if not line.settles_id:
                continue
            lang = facts.words.lang_of(entry.bill)
            env = facts.env(context={**facts.env.context, "lang": lang})
            advance = env["account.move"].browse(line.settles_id)
            vals["name"] = env._(
                "%(service)s, advance of bill %(number)s of %(day)s",
                service=facts.services[line.service_id].with_env(env).name,
                number=advance.name,
                day=format_date(env, advance.invoice_date),
            )
