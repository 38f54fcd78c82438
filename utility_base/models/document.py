from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

LINKS = (
    "account_id",
    "premise_id",
    "service_point_id",
    "partner_id",
    "agreement_document_id",
    "correspondence_id",
)
# of these, those that belong to a company
COMPANY_LINKS = ("account_id", "service_point_id", "agreement_document_id", "correspondence_id")


class Document(models.Model):
    """A paper on file: uploaded or generated, typed, numbered, dated, with its former versions."""

    _name = "utility.document"
    _description = "Document"
    _inherit = [
        "utility.numbered.mixin",
        "utility.file.owner.mixin",
        "mail.thread",
        "utility.reminder.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _owned_files = ("attachment_id", "attachment_ids")

    name = fields.Char(required=True, tracking=True, index="trigram")
    number = fields.Char(
        index="trigram",
        copy=False,
        tracking=True,
        help="Left empty, the type's numbering gives it.",
    )
    type_id = fields.Many2one(
        "utility.document.type", required=True, index=True, ondelete="restrict", tracking=True
    )
    number_is_unique = fields.Boolean(related="type_id.number_is_unique", store=True)
    direction = fields.Selection(
        [("in", "Received"), ("out", "Issued by us")], default="in", required=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True, index=True)
    valid_until = fields.Date(tracking=True, help="Last day on which the document is valid.")
    is_expired = fields.Boolean(compute="_compute_is_expired", search="_search_is_expired")
    description = fields.Text()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True
    )

    account_id = fields.Many2one(
        "utility.account", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    premise_id = fields.Many2one("utility.premise", index="btree_not_null", ondelete="restrict")
    service_point_id = fields.Many2one(
        "utility.service.point", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Person or Company", index="btree_not_null", ondelete="restrict"
    )
    agreement_document_id = fields.Many2one(
        "utility.agreement.document",
        "Agreement",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    correspondence_id = fields.Many2one(
        "utility.correspondence", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    building_id = fields.Many2one(
        "utility.premise", compute="_compute_building_id", store=True, index=True
    )
    linked_to = fields.Char("Belongs to", compute="_compute_linked_to")

    attachment_id = fields.Many2one(
        "ir.attachment", "Current File", copy=False, index=True, ondelete="restrict"
    )
    file = fields.Binary(
        "Content",
        compute="_compute_file",
        inverse="_inverse_file",
        help="A new file takes the place of the current one, which is kept among the versions.",
    )
    file_name = fields.Char(
        compute="_compute_file_name", store=True, readonly=False, index="trigram"
    )
    mimetype = fields.Char(related="attachment_id.mimetype")
    file_size = fields.Integer(related="attachment_id.file_size")
    former_attachment_ids = fields.Many2many(
        "ir.attachment",
        "utility_document_former_attachment_rel",
        "document_id",
        "attachment_id",
        "Replaced Versions",
        copy=False,
        readonly=True,
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "utility_document_attachment_rel",
        "document_id",
        "attachment_id",
        "More Files",
        copy=False,
    )
    version = fields.Integer(compute="_compute_version")
    movement_ids = fields.One2many(
        "utility.document.movement", "document_id", "Movement of the Original"
    )
    original_place = fields.Char("Original Lies at", compute="_compute_original_place")

    _number_unique = models.UniqueIndex(
        "(company_id, type_id, number) WHERE number IS NOT NULL AND number_is_unique",
        "Another document of this type has the number.",
    )
    _is_linked = models.Constraint(
        f"CHECK (num_nonnulls({', '.join(LINKS)}) > 0)",
        "A document belongs to an account, premise, service point, person, agreement or letter.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (valid_until IS NULL OR valid_until >= date)",
        "A document cannot expire before its own date.",
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends(
        "account_id.building_id",
        "premise_id.building_id",
        "premise_id.level",
        "service_point_id.building_id",
    )
    def _compute_building_id(self):
        for document in self:
            premise = document.premise_id
            of_premise = premise if premise.level == "building" else premise.building_id
            document.building_id = (
                document.account_id.building_id
                or of_premise
                or document.service_point_id.building_id
            )

    @api.depends(*LINKS)
    def _compute_linked_to(self):
        for document in self:
            linked = [document[name] for name in LINKS if document[name]]
            names = [record.display_name for record in linked]
            person = document.partner_id.name
            if person and any(person in name for name in names if name != person):
                names.remove(document.partner_id.display_name)
            document.linked_to = ", ".join(names)

    @api.depends("valid_until")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for document in self:
            document.is_expired = bool(document.valid_until and document.valid_until < today)

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        expired = Domain("valid_until", "<", fields.Date.context_today(self))
        return expired if True in value else ~expired

    @api.depends("attachment_id.datas")
    @api.depends_context("bin_size")
    def _compute_file(self):
        for document in self:
            document.file = document.attachment_id.datas

    @api.depends("attachment_id.name")
    def _compute_file_name(self):
        for document in self:
            document.file_name = document.attachment_id.name or document.file_name

    def _inverse_file(self):
        for document in self.filtered("file"):
            document.attachment_id = self.env["ir.attachment"].create(
                {
                    "name": document.file_name or document.name,
                    "datas": document.file,
                    "res_model": self._name,
                    "res_id": document.id,
                }
            )

    @api.depends("former_attachment_ids")
    def _compute_version(self):
        for document in self:
            document.version = len(document.former_attachment_ids) + 1

    @api.depends("movement_ids.date_returned", "movement_ids.current_place")
    def _compute_original_place(self):
        for document in self:
            document.original_place = document.movement_ids._latest().current_place

    @api.depends("type_id.name", "number", "name")
    def _compute_display_name(self):
        for document in self:
            kind, name = document.type_id.name or "", document.name or ""
            parts = [] if name.startswith(kind) else [kind]
            if document.number:
                parts.append(self.env._("No. %s", document.number))
            document.display_name = " ".join([*parts, name])

    @api.model
    def _search_display_name(self, operator, value):
        """Number, name or file name."""
        if operator in ("ilike", "not ilike") and isinstance(value, str) and value.strip():
            found = Domain.OR(
                [
                    Domain(name, "ilike", value.strip())
                    for name in ("number", "name", "file_name", "attachment_ids.name")
                ]
            )
            return found if operator == "ilike" else ~found
        return super()._search_display_name(operator, value)

    # -- checks -----------------------------------------------------------------------------

    @api.constrains("valid_until", "type_id")
    def _check_expiry_is_known(self):
        for document in self:
            if document.type_id.requires_expiry and not document.valid_until:
                raise ValidationError(
                    self.env._(
                        "%(document)s: fill in until when it is valid; documents of the type "
                        "“%(type)s” are not filed without it.",
                        document=document.name,
                        type=document.type_id.name,
                    )
                )

    def _refuse_incomplete(self, vals):
        """Say in words what the database would refuse."""
        label = vals.get("name") or vals.get("file_name") or self._description
        if not vals.get("type_id"):
            raise ValidationError(
                self.env._(
                    "%s: choose the type of the document; it decides on its number and on who "
                    "may see it.",
                    label,
                )
            )
        if not any(vals.get(name) for name in LINKS):
            raise ValidationError(
                self.env._(
                    "%s: say what it belongs to: an account, a premise, a service point, a person, "
                    "an agreement or a letter.",
                    label,
                )
            )
        self._refuse_inverted(label, vals.get("date"), vals.get("valid_until"))

    def _refuse_inverted(self, label, date, valid_until):
        date, valid_until = fields.Date.to_date(date), fields.Date.to_date(valid_until)
        if date and valid_until and valid_until < date:
            raise ValidationError(
                self.env._(
                    "%(document)s: it is dated %(date)s and cannot be valid only until %(until)s. "
                    "Correct one of the two.",
                    document=label,
                    date=format_date(self.env, date),
                    until=format_date(self.env, valid_until),
                )
            )

    # -- create and write -------------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        account = self.env["utility.account"].browse(values.get("account_id"))
        if account and "company_id" in fields_list:
            values["company_id"] = account.company_id.id
        return values

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        vals_list = [self._completed(vals) for vals in vals_list]
        for vals in vals_list:
            self._refuse_incomplete(vals)
        documents = super().create(vals_list)
        documents._give_numbers()
        return documents

    def write(self, vals):
        if {"date", "valid_until"} & set(vals):
            for document in self:
                document._refuse_inverted(
                    document.name,
                    vals.get("date", document.date),
                    vals.get("valid_until", document.valid_until),
                )
        if vals.get("attachment_id"):
            for document in self:
                document._keep_version(vals["attachment_id"])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for document in self:
            raise UserError(
                self.env._(
                    "%s is on file and stays: archive it if it was filed by mistake.",
                    document.display_name,
                )
            )

    def _completed(self, vals):
        """Name and company, where they follow from the rest."""
        defaults = self.default_get([*LINKS, "type_id", "date"])
        vals = {**{name: value for name, value in defaults.items() if name not in vals}, **vals}
        if not vals.get("name"):
            attachment = self.env["ir.attachment"].browse(vals.get("attachment_id"))
            vals["name"] = vals.get("file_name") or attachment.name or self._description
        for name in COMPANY_LINKS:
            if vals.get(name) and not vals.get("company_id"):
                record = self.env[self._fields[name].comodel_name].browse(vals[name])
                vals["company_id"] = record.company_id.id
        return vals

    def _number_scope(self, vals):
        kind = self.env["utility.document.type"].browse(vals.get("type_id")) or self.type_id
        if not kind.number_is_unique:
            return Domain.FALSE
        return super()._number_scope(vals) & Domain("type_id", "=", kind.id)

    def _give_numbers(self):
        unnumbered = self.filtered(lambda document: not document.number)
        for (kind, company), documents in unnumbered.grouped(
            lambda document: (document.type_id, document.company_id)
        ).items():
            draw = kind._numbers(company)
            if draw:
                scope = Domain("company_id", "=", company.id) & Domain("type_id", "=", kind.id)
                numbers = self._draw_numbers(draw, scope, len(documents))
                for document, number in zip(documents, numbers, strict=True):
                    document.number = number

    def _keep_version(self, attachment_id):
        """The file that is about to be replaced stays among the versions."""
        current = self.attachment_id
        own = (current.res_model, current.res_id) == (self._name, self.id)
        if own and current.id != attachment_id:
            self.former_attachment_ids = [fields.Command.link(current.id)]
            self.message_post(body=self.env._("“%s” was replaced by a new version.", current.name))

    # -- uploads and files ------------------------------------------------------------------

    def create_document_from_attachment(self, attachment_ids):
        """What the drop zones call: asks for the type of the files that were uploaded.

        :param attachment_ids: ids of fresh attachments
        :return: action that opens the filing dialog
        """
        attachments = self.env["ir.attachment"].browse(attachment_ids)
        if not attachments:
            raise UserError(self.env._("No file was uploaded: choose one or drop it here."))
        attachments.check_access("read")
        links = {
            f"default_{name}": self.env.context[f"default_{name}"]
            for name in (*LINKS, "type_id")
            if self.env.context.get(f"default_{name}")
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("File Documents"),
            "res_model": "utility.document.upload",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {**links, "default_attachment_ids": attachments.ids},
        }

    @api.model
    def _file_pdf(self, content, file_name, kind, links, document=None):
        """Keep a generated PDF: as a new document, or as the next version of `document`.

        :param content: bytes of the PDF
        :param kind: the document's type
        :param links: values of the link fields
        :return: the document
        """
        attachment = self.env["ir.attachment"].create(
            {
                "name": file_name,
                "raw": content,
                "mimetype": "application/pdf",
            }
        )
        if document:
            document.attachment_id = attachment
            return document
        return self.create(
            {
                "name": file_name.removesuffix(".pdf"),
                "type_id": kind.id,
                "direction": "out",
                "attachment_id": attachment.id,
                **links,
            }
        )

    # -- buttons ----------------------------------------------------------------------------

    def action_download(self):
        self.ensure_one()
        if not self.attachment_id:
            raise UserError(self.env._("%s has no file: add one first.", self.display_name))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    def action_hand_out(self):
        """Record that the signed original leaves the archive."""
        self.ensure_one()
        return self.env["utility.document.movement"]._action_new({"default_document_id": self.id})

    # -- cron -------------------------------------------------------------------------------

    @api.model
    def _cron_remind_of_expiry(self, days=30):
        """Remind of documents that expire within `days` and must carry a date of expiry."""
        today = fields.Date.context_today(self)
        soon = self.search(
            Domain("type_id.requires_expiry", "=", True)
            & Domain("valid_until", ">=", today)
            & Domain("valid_until", "<=", fields.Date.add(today, days=days))
        )
        soon._remind(
            "utility_base.activity_type_document_expiry",
            "valid_until",
            lambda document: document.env._("%s expires", document.display_name),
        )
