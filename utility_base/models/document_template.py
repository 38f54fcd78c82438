from lxml import etree, html
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.rendering_tools import parse_inline_template, render_inline_template

from odoo.addons.base.models.ir_qweb import QWebError

MODELS = {
    "agreement": "utility.agreement.document",
    "letter": "utility.correspondence",
}


def postal_lines(partner):
    """Lines of a postal address below the name, without empty ones."""
    lines = partner._display_address(without_company=True).splitlines() if partner else []
    return [line.strip() for line in lines if line.strip()]


class DocumentTemplate(models.Model):
    """The text of agreements and letters, edited in the web client and filled in for a record.

    Who may edit templates may read through them whatever those who print may read: that is the
    administrator's right.
    """

    _name = "utility.document.template"
    _description = "Document Template"
    _inherit = ["mail.render.mixin"]
    _order = "kind, sequence, name, id"
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("agreement", "Paper agreement"), ("letter", "Letter or notice")],
        required=True,
        default="letter",
    )
    model = fields.Char("Filled in for", compute="_compute_model")
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    document_type_id = fields.Many2one(
        "utility.document.type",
        "Filed as",
        ondelete="restrict",
        help="Type of the documents that are printed from this template.",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Always in",
        help="Empty: in the language of the account or of the addressee, as far as the text is "
        "translated.",
    )
    has_letterhead = fields.Boolean(
        "On the Company's Letterhead",
        default=True,
        help="With the header and footer of the company's documents.",
    )
    subject = fields.Char(
        translate=True,
        render_engine="inline_template",
        help="Subject of letters. May hold places such as {{ object.partner_id.name }}.",
    )
    body = fields.Html(
        required=True,
        translate=True,
        render_engine="qweb",
        sanitize="email_outgoing",
        help='Type / to insert a field. A table row with t-foreach="schedule" repeats for every '
        "premise and service.",
    )
    agreement_document_ids = fields.One2many(
        "utility.agreement.document", "template_id", "Agreements"
    )

    @api.depends("kind")
    def _compute_model(self):
        for template in self:
            template.model = MODELS.get(template.kind)

    @api.depends("kind")
    def _compute_render_model(self):
        for template in self:
            template.render_model = MODELS.get(template.kind)

    # -- filling in -------------------------------------------------------------------------

    def _fill_in(self, record):
        """The text for one record, in the record's language.

        :param record: an agreement or a letter, saved or not; it has `_paper_lang()` and
            `_paper_values()`
        :return: (subject as text, body as Markup)
        :raise UserError: the template has a mistake; the message says which
        """
        self.ensure_one()
        lang = self.lang or record._paper_lang()
        template = self.with_context(lang=lang)
        record = record.with_context(lang=lang)
        values = {
            **template._render_eval_context(),
            "object": record,
            "company": record.company_id,
            "partner": record.partner_id,
            "today": fields.Date.context_today(record),
            "address_of": lambda partner: ", ".join(postal_lines(partner)),
            **record._paper_values(),
        }
        return template._fill_subject(record, values), template._fill_body(record, values)

    def _fill_subject(self, record, values):
        try:
            return render_inline_template(parse_inline_template(self.subject or ""), values)
        except Exception as error:
            raise self._mistake(record, error) from error

    def _fill_body(self, record, values):
        if not self.body:
            return Markup()
        try:
            tree = html.fragment_fromstring(self.body, create_parent="div")
            filled = self.env["ir.qweb"]._render(tree, values)
        except (QWebError, etree.ParserError, ValueError, SyntaxError) as error:
            raise self._mistake(record, error) from error
        return Markup(filled).removeprefix("<div>").removesuffix("</div>")

    def _mistake(self, record, error):
        reason = error.__cause__ or error
        return UserError(
            self.env._(
                "The template “%(template)s” could not be filled in for %(record)s: %(reason)s\n"
                "Correct the place in the template's text.",
                template=self.name,
                record=record.display_name,
                reason=reason,
            )
        )

    # -- buttons ----------------------------------------------------------------------------

    def action_preview(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of %s", self.name),
            "res_model": "utility.template.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_template_id": self.id},
        }
