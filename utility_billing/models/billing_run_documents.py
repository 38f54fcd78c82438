from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .billing_run_rating import charge_vals


class BillingRun(models.Model):
    """What documents bring to a bill: one-off services and corrections by hand."""

    _inherit = "utility.billing.run"

    def _prepare_documents(self, accounts, held, batch, vals_list):
        """Values of charges that no rate makes.

        :param vals_list: values of the rated charges
        """
        ids = [account_id for account_id in accounts.ids if account_id not in held]
        # each document asks where its account is
        accounts.fetch(["premise_id", "building_id"])
        return self._prepare_adjustments(ids, batch)

    def _prepare_adjustments(self, account_ids, batch):
        adjustments = self.env["utility.adjustment"]
        found = adjustments._one_off_charges(account_ids, self._span()[1])
        sources = adjustments.sudo().browse(
            charge.source_id for charges in found.values() for charge in charges
        )
        services = {source.id: source.service_id for source in sources}
        return [
            self._prepare_document(account_id, services[charge.source_id], charge, batch)
            for account_id, charges in found.items()
            for charge in charges
            if not self.service_ids or services[charge.source_id] in self.service_ids
        ]

    def _prepare_document(self, account_id, service, charge, batch):
        account = self.env["utility.account"].browse(account_id)
        return {
            **self._prepare_common(account_id, batch),
            "service_id": service.id,
            "uom_id": service.uom_id.id,
            "premise_id": account.premise_id.id,
            "building_id": account.building_id.id,
            "period_start": charge.date_start,
            "period_end": charge.date_end,
            "is_correction": False,
            "reason": False,
            **charge_vals(charge),
        }

    # -- approval ---------------------------------------------------------------------------

    def _claim_documents(self, batch):
        self._refuse_changed_documents(batch)
        return super()._claim_documents(batch)

    def _refuse_changed_documents(self, batch):
        """:raise UserError: since the batch was calculated, a document that it charges was
        cancelled, or the charge is gone that it takes back"""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT adjustment.id FROM utility_charge charge
            JOIN utility_adjustment adjustment ON adjustment.id = charge.source_id
            WHERE charge.batch_id = %s AND charge.kind IN ('manual', 'one_off')
            AND CASE WHEN charge.trace->'parts'->0 ? 'taken_back'
                THEN adjustment.state <> 'cancelled' OR adjustment.charged_at IS NULL
                ELSE adjustment.state NOT IN ('approved', 'charged') END
            ORDER BY adjustment.id LIMIT 1
            """,
                batch.id,
            )
        )
        if rows:
            # whoever approves the run may know which document keeps it
            document = self.env["utility.adjustment"].sudo().browse(rows[0][0])
            raise UserError(
                self.env._(
                    "%(document)s of account %(account)s has changed since “%(run)s” was "
                    "calculated. Calculate it again.",
                    document=document.display_name,
                    account=document.account_id.number,
                    run=self.name,
                )
            )

    def action_approve(self):
        done = super().action_approve()
        for run in self:
            self.env["utility.adjustment"]._mark_charged(run._document_ids())
        return done

    def action_cancel(self):
        done = super().action_cancel()
        for run in self:
            self.env["utility.adjustment"]._unmark_charged(run._document_ids())
        return done

    def _document_ids(self, accounts=None):
        """Ids of the adjustments that the run has charged.

        :param accounts: to these; None: to any
        """
        domain = Domain("run_id", "=", self.id) & Domain("kind", "in", ("manual", "one_off"))
        if accounts is not None:
            domain &= Domain("account_id", "in", accounts.ids)
        rows = self.env["utility.charge"]._read_group(domain, ["source_id"])
        return [source_id for (source_id,) in rows]
