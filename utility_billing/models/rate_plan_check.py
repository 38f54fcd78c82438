from odoo import models


class RatePlan(models.Model):
    """The rate check for other programs."""

    _inherit = "utility.rate.plan"

    def check_rate(self, values):
        """What something would cost on this plan, and why. Nothing is written.

        Numbers are given and returned as text (`"12.345"`), so that nothing is lost; plain numbers
        are taken, too. Days are ISO dates, both ends of a period are included.

        :param dict values: what the price depends on:

            * ``month``: any day of the month; or ``date_start`` and ``date_end``
            * ``service``: code of the service, or ``service_id``; may be left out where the plan
              has one. ``schedule_id`` or ``version_id`` say the very tariff or version (a draft,
              too); then the plan may be empty
            * ``quantity``: what was used, in the service's unit; or ``zones``: {code: quantity};
              ``export``: what was fed in; ``method``: measured (default), estimated, norm,
              agreed or derived; ``raising``: coefficient of a norm without a meter
            * ``common``, ``cost``: shares of the building's common use (service's unit) and cost
              (currency)
            * ``attributes``: {code: number}; ``residents``: persons; ``share``: per cent of the
              point that the account bears
            * ``demand``: highest demand of the month in kW, or {zone: kW}
            * ``loads``: [[moment, kWh], ...] of local time, turned into zones and demand by the
              version's calendar
            * ``account_id``: take an account's facts of the month; whatever else is given stands
              in their place. Quantities and demand are of one supply: give ``service_point_id``
              where the account has several

        :return: ``{"currency", "total", "tax", "total_with_tax", "charges", "problems"}``; a charge
            has ``service, code, name, kind, date_start, date_end, quantity, unit, price`` (null
            where there is not one), ``amount, tax_included, taxes`` (names), ``untaxed, tax,
            with_tax, trace`` and ``explanation`` (lines in the language of the context); problems
            are sentences about what is missing. Amounts are in the currency's major unit
        :rtype: dict
        :raise UserError: the values cannot be understood, or no tariff is in force
        """
        return self.env["utility.rate.checking"]._answer(self, values)
