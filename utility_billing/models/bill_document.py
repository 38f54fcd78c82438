from odoo import api, models

from .bill_document_facts import BillFacts
from .bill_document_writing import BillWriter


class BillDocument(models.AbstractModel):
    """What bills say, for many of them at once.

    A bill is an invoice of the ledger; one without charges behind (made by hand) is written from
    its lines alone.
    """

    _name = "utility.bill.document"
    _description = "Content of Bills"

    @api.model
    def _contents(self, moves):
        """The contents of bills, each in its payer's language.

        The number of queries does not depend on how many bills there are (a thousand at most are
        loaded at once: slice what is more).

        :param moves: customer invoices and credit notes
        :return: [`BillContent`], in the order of `moves`
        """
        return self._contents_and_layouts(moves)[0]

    @api.model
    def _contents_and_layouts(self, moves):
        """([`BillContent`], {move id: layout})"""
        # a bill tells the payer what facts, agreements and partners say, whoever prints it
        facts = BillFacts(self.env(su=True), moves.sudo())
        langs = self._langs(facts.moves)
        layouts = self._layouts(facts, langs)
        return self._written(facts, langs, layouts), layouts

    def _written(self, facts, langs, layouts):
        writers = {lang: BillWriter(facts, lang) for lang in set(langs.values())}
        for lang, writer in writers.items():
            writer.explain([move for move in facts.moves if langs[move.id] == lang], layouts)
        return [writers[langs[move.id]].content(move, layouts[move.id]) for move in facts.moves]

    @api.model
    def _contents_as(self, moves, layout):
        """The contents as one layout prints them, whichever would fit best."""
        facts = BillFacts(self.env(su=True), moves.sudo())
        langs = self._langs(facts.moves)
        return self._written(facts, langs, dict.fromkeys(moves.ids, layout.sudo()))

    def _langs(self, moves):
        """{move id: code of a language that is installed}: the account's, the payer's, the
        company's."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        found = {}
        for move in moves:
            wanted = (
                move.utility_account_id.lang,
                move.partner_id.lang,
                move.company_id.partner_id.lang,
                self.env.lang,
            )
            found[move.id] = next((lang for lang in wanted if lang in installed), "en_US")
        return found

    def _layouts(self, facts, langs):
        return (
            self.env["utility.bill.layout"]
            .sudo()
            ._layouts_for(
                [
                    (
                        move.id,
                        move,
                        langs[move.id],
                        {line.service_id for line in facts.lines[move.id] if line.service_id},
                    )
                    for move in facts.moves
                ]
            )
        )
