from odoo import api, models
from odoo.exceptions import UserError

REPORT = "utility_billing.report_bill"


class BillDocument(models.AbstractModel):
    """Bills as they are handed out: kept at first, the same for ever."""

    _inherit = "utility.bill.document"

    @api.model
    def _kept(self, moves):
        """The contents of bills as people have seen them; those that nobody has seen yet are
        kept from now on. A draft is written anew every time.

        :param moves: customer invoices and credit notes
        :return: [`BillContent`], in the order of `moves`
        """
        return [content for content, _layout in self._kept_with_layouts(moves)]

    @api.model
    def _kept_with_layouts(self, moves):
        """[(content, layout)]"""
        # a copy is made for the payer, whoever prints first
        copies = self.env["utility.bill.copy"].sudo()
        self.env.flush_all()
        posted = moves.filtered(lambda move: move.state == "posted")
        kept = copies._current(posted)
        missing = moves.filtered(lambda move: move.id not in kept)
        written = {}
        if missing:
            contents, layouts = self._contents_and_layouts(missing)
            written = {
                move.id: (content, layouts[move.id])
                for move, content in zip(missing, contents, strict=True)
            }
            new = missing & posted
            if new:
                copies._keep(new, [written[move.id][0] for move in new], layouts)
        for move_id, copy in kept.items():
            written[move_id] = copy._content(), copy.layout_id
        return [written[move.id] for move in moves]

    @api.model
    def _pdf(self, moves):
        """One PDF a bill, as it was handed out at first.

        :return: {move id: bytes}
        """
        self._check_bills(moves)
        streams = self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
            REPORT, {"report_type": "pdf"}, res_ids=moves.ids
        )
        return {move_id: found["stream"].getvalue() for move_id, found in streams.items()}

    def _check_bills(self, moves):
        """:raise UserError: there are other entries among them"""
        others = moves.filtered(lambda move: move.move_type not in ("out_invoice", "out_refund"))
        if others:
            raise UserError(
                self.env._(
                    "%s is no bill: choose customer invoices and credit notes.",
                    others[0].display_name,
                )
            )

    @api.model
    def _keep_pdf(self, moves, pdfs):
        """Keep PDFs themselves where a layout of the users' own has drawn them."""
        copies = self.env["utility.bill.copy"].sudo()._current(moves)
        for move in moves:
            copy = copies.get(move.id)
            if not copy or copy.attachment_id or not copy.layout_id.is_changed:
                continue
            copy.attachment_id = copy.env["ir.attachment"].create(
                {
                    "name": f"{(move.name or '').replace('/', '-')}.pdf",
                    "raw": pdfs[move.id],
                    "mimetype": "application/pdf",
                    "res_model": copy._name,
                    "res_id": copy.id,
                    "company_id": move.company_id.id,
                }
            )

    @api.model
    def _pdfs_kept(self, moves):
        """{move id: PDF} of those whose PDF itself was kept."""
        copies = self.env["utility.bill.copy"].sudo()._current(moves)
        return {
            move_id: copy.attachment_id.raw
            for move_id, copy in copies.items()
            if copy.attachment_id
        }
