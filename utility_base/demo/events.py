from odoo import models

from .plan.kinds import Stay

HEIR_SELLS = ("NU-ZVE-14-21", -11, 1)


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_events(self):
        """What happened since the history began, recorded by the clerk in the office's own way."""
        clerk = self.env.ref("utility_base.demo_user_clerk")
        desk = self.with_user(clerk).sudo()
        stories, premises, partners = self._town().stories, desk._premises(), desk._partners()
        accounts = self._accounts()
        for move in stories.moves:
            desk._tell_move(move, premises[move.place], partners)
        desk._tell_tenant_leaves(premises, *stories.tenant_leaves)
        desk._tell_correction(premises, **stories.correction)
        desk._tell_heir_sells(premises, *HEIR_SELLS)
        desk._tell_cut_off(*stories.cut_off)
        for change in stories.changes:
            desk._tell_change(premises, *change)
        desk.env["utility.occupancy"].create(
            [desk._prepare_occupancy_vals(stay, premises, partners) for stay in stories.stays]
        )
        self._name_records(
            account_sale=accounts["NU-SVY-7-23"],
            account_fallback=accounts["NU-ZVE-14-8"],
            account_correction=accounts["NU-UOS-21-18"],
            account_planned=accounts["NU-UOS-21-9"],
            account_halves=accounts["NU-PUS-5"],
            account_cut_off=accounts["NU-SAL-8"],
        )

    def _tell_move(self, move, premise, partners):
        """A sale or move-in; a planned one was arranged some days ago."""
        calendar = self._town().calendar
        with self._recorded_at(calendar.learned(move.day, 10, 40)):
            wizard = self.env["utility.move.wizard"].create(
                {
                    "kind": move.kind,
                    "premise_id": premise.id,
                    "date": move.day,
                    "partner_id": partners[move.newcomer].id,
                    "payer_policy": move.policy,
                    "basis": move.basis,
                }
            )
            wizard.action_run()
            self._choose_channel(wizard.new_account_ids or wizard.account_ids, move.day)
        self.env["utility.occupancy"].create(
            [
                self._prepare_occupancy_vals(
                    Stay(move.place, ref, "resident", move.day, lives=True, registered=True),
                    {move.place: premise},
                    partners,
                )
                for ref in move.family
            ]
        )

    def _choose_channel(self, accounts, day):
        """Bills go by e-mail to those who gave an address."""
        for account in accounts:
            payer = account._payer_on(day)
            account.delivery_channel = "email" if payer.email else "paper"

    def _tell_tenant_leaves(self, premises, place, last_day):
        """Nothing but the tenancy is ended; the flat falls back to its owner by itself."""
        calendar = self._town().calendar
        people = premises[place].occupancy_ids._in_force(last_day)
        with self._recorded_at(calendar.moment(last_day, 15, 20)):
            people.filtered(lambda person: person.role != "owner")._close(last_day)

    def _tell_correction(self, premises, place, attribute, day, wrong, right, **told):
        calendar = self._town().calendar
        value = premises[place].attribute_value_ids.filtered(
            lambda row: row.attribute_id.code == attribute
        )
        with self._recorded_at(calendar.moment(told["typed_on"], 11, 5)):
            mistyped = value._supersede(
                {"value_number": wrong}, date_start=day, reason="Loggia taken off, new measurement"
            )
        with self._recorded_at(calendar.moment(told["corrected_on"], 14, 30)):
            mistyped._supersede({"value_number": right}, reason=told["reason"])

    def _tell_heir_sells(self, premises, place, months, day):
        """The third heir's share goes to the first one."""
        calendar = self._town().calendar
        first_day = calendar.month(months, day)
        first, *_second, third = premises[place].occupancy_ids._in_force(first_day).sorted("id")
        with self._recorded_at(calendar.moment(first_day, 13)):
            third._close(calendar.month(months - 1, 0))
            first._supersede({"share": first.share + third.share}, date_start=first_day)

    def _tell_cut_off(self, point, day):
        """Water is cut off where nothing was paid for a year."""
        point = self._points()[point]
        with self._recorded_at(self._town().calendar.moment(day, 12)):
            point.connection = "disconnected"
            point.message_post(body=self.env._("Disconnected: bills of a year are unpaid."))

    def _tell_change(self, premises, place, attribute, raw, day, reason):
        calendar = self._town().calendar
        value = (
            premises[place]
            .attribute_value_ids.filtered(lambda row: row.attribute_id.code == attribute)
            ._in_force(day)
        )
        with self._recorded_at(calendar.learned(day, 9, 50)):
            value._supersede(
                value._vals_for(value.attribute_id, raw), date_start=day, reason=reason
            )
