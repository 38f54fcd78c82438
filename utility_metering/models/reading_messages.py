from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

# decimals of what is compared, not counted
RATIOS = {"times": 2, "percent": 1}


class Reading(models.Model):
    """What validation found, in words that name the figures."""

    _inherit = "utility.reading"

    @api.model
    def _finding_messages(self, item):
        """A message for each finding of an assessed item, in their order."""
        if not item.findings:
            return []
        words = self._finding_words(item)
        return [
            getattr(self, f"_message_{finding.check}")({**words, **self._in_words(finding.figures)})
            for finding in item.findings
        ]

    @api.model
    def _fetch_finding_words(self, items):
        """Fetch what the messages of many items name, for all of them at once."""
        registers = (
            self.env["utility.meter.register"]
            .sudo()
            .browse({item.register_id for item in items if item.findings})
        )
        registers.uom_id.fetch(["name"])
        registers.meter_id.fetch(["serial"])

    @api.model
    def _finding_words(self, item):
        """Words that every message may use."""
        register = self.env["utility.meter.register"].sudo().browse(item.register_id)
        installation = item.installation
        service = self.env["utility.service"].sudo()
        interval = item.facts.interval
        return self._in_words(
            {
                "unit": register.uom_id.name,
                "service_unit": service.browse(installation.service_id).uom_id.name
                if installation
                else "",
                "serial": register.meter_id.serial,
                "value": item.value,
                "date": item.date,
                "usage": item.usage or 0,
                "days": interval.days if interval else 0,
            }
        )

    @api.model
    def _in_words(self, figures):
        return {name: self._figure(value, RATIOS.get(name, 3)) for name, value in figures.items()}

    @api.model
    def _figure(self, value, places=3):
        """A number with at most so many decimals and none too many; a date as people write it."""
        if hasattr(value, "year"):
            return format_date(self.env, value)
        if isinstance(value, (bool, str)):
            return value
        decimals = len(f"{value:.{places}f}".partition(".")[2].rstrip("0"))
        return formatLang(self.env, float(value), digits=decimals)

    # -- one method a check -----------------------------------------------------------------

    def _message_unknown_meter(self, words):
        return self.env._("Meter %(serial)s did not hang anywhere on %(date)s.", **words)

    def _message_future(self, words):
        return self.env._("The day %(day)s has not come yet.", **words)

    def _message_outside_window(self, words):
        return self.env._(
            "Taken on %(day)s, outside the reading window %(first)s – %(last)s.", **words
        )

    def _message_duplicate(self, words):
        return self.env._("Another reading of this day says %(other)s.", **words)

    def _message_backward(self, words):
        if "following" in words:
            return self.env._(
                "%(value)s is more than the later reading of %(following_day)s: %(following)s.",
                **words,
            )
        return self.env._(
            "%(value)s is less than %(previous)s of %(previous_day)s; a rollover would mean a "
            "usage of %(wrapped)s %(unit)s.",
            **words,
        )

    def _message_rollover(self, words):
        return self.env._(
            "The register rolled over after %(previous)s: usage %(usage)s %(unit)s.", **words
        )

    def _message_digits(self, words):
        return self.env._("The register shows 0 to %(highest)s, not %(value)s.", **words)

    def _message_above_limit(self, words):
        return self.env._(
            "Usage %(usage)s %(unit)s in %(days)s days is %(monthly)s %(service_unit)s a month, "
            "above the limit of %(limit)s.",
            **words,
        )

    def _message_above_average(self, words):
        return self.env._(
            "Usage %(usage)s %(unit)s in %(days)s days is %(times)s × the daily average, which "
            "makes %(usual)s.",
            **words,
        )

    def _message_year_ago(self, words):
        return self.env._(
            "Usage %(usage)s %(unit)s in %(days)s days is %(times)s × that of the same days last "
            "year, %(usual)s.",
            **words,
        )

    def _message_above_norm(self, words):
        return self.env._(
            "Usage of %(monthly)s %(service_unit)s a month is %(times)s × the norm of %(norm)s.",
            **words,
        )

    def _message_zero(self, words):
        return self.env._("No usage in %(days)s days.", **words)

    def _message_stuck(self, words):
        return self.env._(
            "No usage in %(times)s readings in a row, since %(since)s: the meter may be stuck.",
            **words,
        )

    def _message_gap(self, words):
        return self.env._("%(days)s days without a reading, more than %(limit)s.", **words)

    def _message_vacant(self, words):
        return self.env._(
            "Usage %(usage)s %(unit)s in %(days)s days, though nobody lives there and no "
            "agreement is in force.",
            **words,
        )

    def _message_spike(self, words):
        return self.env._(
            "Usage a day stands %(percent)s %% above the third highest of the last %(periods)s "
            "intervals.",
            **words,
        )

    def _message_sum(self, words):
        return self.env._(
            "The registers add up to %(parts)s, their total shows %(total)s %(unit)s: "
            "%(percent)s %% apart.",
            **words,
        )
