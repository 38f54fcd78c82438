from odoo import api, models
from odoo.tools import format_amount, format_date


class BillingException(models.Model):
    """What a check found, in words, and what an account was billed before."""

    _inherit = "utility.billing.exception"

    @api.depends("kind", "figures", "amount", "average_amount")
    @api.depends_context("lang")
    def _compute_message(self):
        for exception in self:
            words = getattr(exception, f"_words_{exception.kind}")
            exception.message = words(exception.figures or {})

    def _money(self, amount):
        return format_amount(self.env, amount or 0, self.currency_id)

    def _day(self, value):
        return format_date(self.env, value) if value else ""

    def _words_unrated(self, _figures):
        problems = self.problem_ids
        more = ["…"] if len(problems) > 2 else []
        return " ".join([*problems[:2].mapped("message"), *more]) or self.env._("Mended.")

    def _words_no_payer(self, _figures):
        return self.env._("Nobody is on record who pays: the bill could not be posted.")

    def _words_negative(self, _figures):
        return self.env._("The bill comes to %s, below zero.", self._money(self.amount))

    def _words_zero(self, _figures):
        return self.env._("The bill comes to nothing.")

    def _words_high(self, figures):
        amount = figures.get("amount", self.amount)
        return self.env._(
            "%(now)s is %(times)s times as much as usual: %(average)s on average, for the services "
            "that were billed before, of the months in which they were (%(months)s).",
            now=self._money(amount),
            times=_times(amount, figures["average"]),
            average=self._money(figures["average"]),
            months=figures["months"],
        )

    def _words_low(self, figures):
        amount = figures.get("amount", self.amount)
        return self.env._(
            "%(now)s is only %(share)s %% of what is usual: %(average)s on average, for the "
            "services that were billed before, of the months in which they were (%(months)s).",
            now=self._money(amount),
            share=round(100 * amount / figures["average"]),
            average=self._money(figures["average"]),
            months=figures["months"],
        )

    def _words_above(self, figures):
        return self.env._(
            "%(now)s is above the limit of %(limit)s.",
            now=self._money(self.amount),
            limit=self._money(figures["limit"]),
        )

    def _words_no_readings(self, figures):
        points = ", ".join(figures["points"])
        if not figures["last_read"]:
            return self.env._("%s was never read.", points)
        return self.env._(
            "%(points)s: not read since %(day)s.",
            points=points,
            day=self._day(figures["last_read"]),
        )

    def _words_estimated(self, figures):
        return self.env._(
            "%(points)s: estimated %(months)s periods in a row.",
            points=", ".join(figures["points"]),
            months=self.check_id.months,
        )

    def _words_empty(self, figures):
        services = self.env["utility.service"].browse(figures["services"])
        names = ", ".join(services.mapped("name"))
        if figures["closed"]:
            return self.env._(
                "%(services)s is used, though the account was closed on %(day)s.",
                services=names,
                day=self._day(figures["closed"]),
            )
        return self.env._("%s is used, though nobody owns or rents the place.", names)

    def _words_payer_changed(self, figures):
        partners = self.env["res.partner"].browse(figures["partners"]).exists()
        return self.env._(
            "Since %(day)s %(payer)s pays.",
            day=self._day(figures["day"]),
            payer=partners[-1:].display_name or "",
        )

    def _words_first(self, figures):
        return self.env._(
            "The account gets its first bill; it was opened on %s.", self._day(figures["opened"])
        )

    def _words_final(self, figures):
        return self.env._("The account was closed on %s.", self._day(figures["closed"]))


def _times(amount, average):
    return f"{amount / average:.1f}".removesuffix(".0")
