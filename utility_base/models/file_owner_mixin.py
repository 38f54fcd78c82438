from odoo import api, models


class FileOwnerMixin(models.AbstractModel):
    """Whoever sees a record sees its files: fresh uploads are put under it, files that belong
    elsewhere are copied. Nobody gets at a file by linking it that they could not read before.
    """

    _name = "utility.file.owner.mixin"
    _description = "Owner of Files"

    _owned_files = ()

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._claim_files(self._owned_files)
        return records

    def write(self, vals):
        done = super().write(vals)
        self._claim_files([name for name in self._owned_files if name in vals])
        return done

    def _claim_files(self, names):
        for record in self:
            for name in names:
                linked = record[name]
                claimed = record._claimed(linked)
                if claimed != linked:
                    field = record._fields[name]
                    value = field.convert_to_write(claimed, record)
                    record.write({name: value})

    def _claimed(self, attachments):
        """Attachments with the same contents that belong to this record."""
        attachments.check_access("read")
        claimed = self.env["ir.attachment"]
        for attachment in attachments:
            if (attachment.res_model, attachment.res_id) == (self._name, self.id):
                claimed |= attachment
            elif not attachment.res_id:
                # a fresh upload: only its uploader may read it, which was checked above
                attachment.sudo().write({"res_model": self._name, "res_id": self.id})
                claimed |= attachment
            else:
                claimed |= attachment.copy({"res_model": self._name, "res_id": self.id})
        return claimed
