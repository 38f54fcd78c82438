from markupsafe import Markup

from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import formatLang


class AllocationRun(models.Model):
    """The proof of a sharing as a table: on the screen, in print, in a preview."""

    _inherit = "utility.allocation.run"

    def _proof_table(self):
        """What `allocation_proof` draws of a run."""
        self.ensure_one()
        return self._table_of(self.proof, self.unit_name)

    def _table_of(self, proof, unit_name):
        """A proof as rows of texts.

        :return: {"unit", "facts": [(label, text)], "steps": [...], "rows": [...], "foot"}
        """
        shares = {}
        for share in proof["shares"]:
            shares[share["key"]] = shares.get(share["key"], 0) + float(share["amount"])
        most = max(map(abs, shares.values()), default=0) or 1
        least = (
            self.currency_id.decimal_places if proof["inputs"]["pool"].get("kind") == "cost" else 0
        )
        cells = [
            {key: (weight, part) for key, weight, part in step["rows"]} for step in proof["steps"]
        ]
        people = proof["inputs"]["participants"]
        return {
            "unit": unit_name,
            "facts": self._proof_facts(proof),
            "steps": [self._step_head(step) for step in proof["steps"]],
            "rows": [
                {
                    "name": one.get("name") or str(one["key"]),
                    "cells": [self._cell(cell.get(one["key"])) for cell in cells],
                    "share": self._figure(shares.get(one["key"], 0), least=least),
                    "percent": f"{100 * max(shares.get(one['key'], 0), 0) / most:.1f}",
                    "users": self._user_rows(proof, one["key"]),
                }
                for one in people
            ],
            "total": self._figure(sum(shares.values()), least=least),
            "residuals": [self._residual_words(one) for one in proof["residuals"]],
        }

    def _proof_facts(self, proof):
        pool = proof["inputs"]["pool"]
        facts = [(self.env._("Total"), self._figure(pool["total"]))]
        if pool.get("difference"):
            facts.append((self.env._("Own use of those who take part"), self._figure(proof["own"])))
        if proof["cap"] is not None:
            facts.append((self.env._("Limit"), self._figure(proof["cap"])))
        if pool.get("difference") or proof["cap"] is not None:
            facts.append((self.env._("To share"), self._figure(proof["shared"])))
        for code, value in sorted(pool.get("values", {}).items()):
            facts.append((self._value_name(code), self._figure(value)))
        if proof["limits"]:
            facts.append(
                (self.env._("Average of a unit of area"), self._figure(proof["limits"]["average"]))
            )
        return facts

    def _step_head(self, step):
        plain = step["takes"] in ("own", "each")
        return {
            "name": step["name"],
            "pool": self._figure(step["pool"]),
            "weights": "" if plain else self._figure(step["weights"]),
            "unit": "" if plain else self._figure(step["unit"], 8),
        }

    def _cell(self, cell):
        if not cell:
            return {"weight": "", "part": ""}
        weight, part = cell
        return {"weight": self._figure(weight), "part": self._figure(part)}

    def _user_rows(self, proof, key):
        """Shares of those who had the place one after another."""
        rows = [share for share in proof["shares"] if share["key"] == key and "start" in share]
        accounts = self.env["utility.account"].browse(
            {share["user"] for share in rows if share.get("user")}
        )
        numbers = {account.id: account.sudo().number for account in accounts}
        return [
            {
                "days": self.env._(
                    "%(start)s – %(end)s",
                    start=format_date(self.env, share["start"]),
                    end=format_date(self.env, share["end"]),
                ),
                "account": numbers.get(share.get("user"))
                or (self.env._("nobody") if share.get("user") is None else ""),
                "share": self._figure(share["amount"]),
            }
            for share in rows
        ]

    def _figure(self, value, places=6, least=0):
        """A figure as people of the user's language write it, without zeros at its end.

        :param least: places that it has all the same, as money does
        """
        text = f"{round(float(value), places):.{places}f}".rstrip("0").rstrip(".")
        places = max(len(text.partition(".")[2]), least)
        return formatLang(self.env, float(value), digits=places)

    def _render_proof(self, proof, unit_name):
        """A proof that is not stored, as HTML."""
        table = self._table_of(proof, unit_name)
        return Markup(
            self.env["ir.qweb"]._render("utility_billing.allocation_proof", {"table": table})
        )
