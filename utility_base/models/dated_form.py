"""The frame that every form of a dated fact shares: buttons, state, replacement and record."""

from lxml import etree

from odoo import models


class DatedForm(models.AbstractModel):
    _inherit = "utility.dated.mixin"

    # who may record, change and void: the groups of the form's buttons
    _fact_editors = "utility_base.group_clerk"

    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and not arch.xpath("//button[@name='action_correct']"):
            self._frame_fact_form(arch)
        return arch, view

    def _frame_fact_form(self, arch):
        protected = self._protected_fields() - {"date_end", "replace_reason"}
        for node in arch.xpath("//field[@name]"):
            if node.get("name") in protected and not node.get("readonly"):
                node.set("readonly", "id")
        sheet = arch.find("sheet")
        sheet.addprevious(self._fact_header())
        sheet.append(self._fact_dates())
        sheet.append(self._fact_record())

    def _fact_header(self):
        header = etree.Element("header")
        buttons = (
            ("action_change", self.env._("Change from a Date on"), "btn-primary"),
            ("action_correct", self.env._("Correct"), "btn-secondary"),
            ("action_void", self.env._("Void"), "btn-secondary"),
        )
        for name, label, style in buttons:
            etree.SubElement(
                header,
                "button",
                {
                    "name": name,
                    "type": "object",
                    "string": label,
                    "class": style,
                    "invisible": "not id or voided_at",
                    "groups": self._fact_editors,
                },
            )
        etree.SubElement(
            header,
            "field",
            {
                "name": "fact_state",
                "widget": "statusbar",
                "invisible": "not id",
                "statusbar_visible": "planned,in_force,ended",
            },
        )
        return header

    def _fact_dates(self):
        group = etree.Element("group", {"name": "fact_dates"})
        when = etree.SubElement(group, "group", {"string": self.env._("When")})
        etree.SubElement(when, "field", {"name": "date_start", "readonly": "id"})
        etree.SubElement(when, "field", {"name": "date_end", "readonly": "id and date_end"})
        why = etree.SubElement(group, "group")
        etree.SubElement(why, "field", {"name": "replaces_id", "invisible": "1"})
        etree.SubElement(why, "field", {"name": "replace_kind", "invisible": "1"})
        etree.SubElement(
            why,
            "field",
            {
                "name": "replace_reason",
                "readonly": "id",
                "invisible": "not replace_kind",
                "required": "replace_kind == 'correction'",
                "placeholder": self.env._("Why? It stays on record."),
            },
        )
        etree.SubElement(why, "field", {"name": "note"})
        return group

    def _fact_record(self):
        group = etree.Element("group", {"name": "fact_record", "invisible": "not id"})
        recorded = etree.SubElement(group, "group", {"string": self.env._("Record")})
        etree.SubElement(recorded, "field", {"name": "recorded_at"})
        etree.SubElement(
            recorded, "field", {"name": "create_uid", "string": self.env._("Recorded by")}
        )
        etree.SubElement(
            recorded,
            "field",
            {
                "name": "replaces_id",
                "string": self.env._("Replaces"),
                "invisible": "not replaces_id",
            },
        )
        voided = etree.SubElement(
            group,
            "group",
            {
                "string": self.env._("Voided"),
                "invisible": "not voided_at",
            },
        )
        for name in ("voided_at", "voided_by", "void_reason"):
            etree.SubElement(voided, "field", {"name": name})
        return group
