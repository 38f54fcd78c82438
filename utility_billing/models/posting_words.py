"""What bills' lines are called, in the payer's language."""

from odoo.tools import format_date


class Words:
    """Texts of a batch, each made once."""

    def __init__(self, facts):
        # not the facts themselves: what holds each other is freed late
        self.env, self.services = facts.env, facts.services
        self.accounts, self.payers = facts.accounts, facts.payers
        self.default = facts.run.company_id.partner_id.lang or facts.env.lang or "en_US"
        self._made = {}

    def lang_of(self, bill):
        account = self.accounts[bill.account_id]
        return account.lang or self.payers[bill.partner_id].lang or self.default

    def of_line(self, line, bill):
        lang = self.lang_of(bill)
        days = line.period_start, line.period_end
        key = lang, line.service_id, line.is_correction, days
        if key not in self._made:
            self._made[key] = self._line(*key)
        if line.account_id == bill.account_id:
            return self._made[key]
        return f"{self._member(line.account_id)}: {self._made[key]}"

    def _line(self, lang, service_id, is_correction, days):
        env = self.env(context={**self.env.context, "lang": lang})
        values = {
            "service": self.services[service_id].with_env(env).name,
            "first": format_date(env, days[0]),
            "last": format_date(env, days[1]),
        }
        if is_correction:
            return env._("%(service)s, correction of %(first)s – %(last)s", **values)
        return env._("%(service)s, %(first)s – %(last)s", **values)

    def of_fund(self, part, bill):
        env = self.env(context={**self.env.context, "lang": self.lang_of(bill)})
        fund = env["res.partner"].browse(part.fund_id)
        service = self.services[part.service_id].with_env(env)
        return env._("%(service)s, paid by %(fund)s", service=service.name, fund=fund.display_name)

    def _member(self, account_id):
        account = self.accounts[account_id]
        return ", ".join(filter(None, (account.number, account.address)))
