from odoo import models

# Debian leaves it out, as it has no source; `mail` blurs the background of video calls with it.
LEFT_OUT_BY_DEBIAN = {"/mail/static/lib/selfie_segmentation/selfie_segmentation.js"}


class IrAsset(models.Model):
    _inherit = "ir.asset"

    def _get_paths(self, path_def, installed):
        """Odoo's, without the files that Debian's package does not have.

        Odoo takes the path of a missing file for an attachment's address, and a bundle with an
        attachment that is not there breaks every page it is on. Where the file exists it stays.
        """
        paths = super()._get_paths(path_def, installed)
        if not any(path for path in paths or () if self._is_left_out(path)):
            return paths
        return [path for path in paths if not self._is_left_out(path)]

    def _is_left_out(self, path):
        """:param path: (address, full path or None, modification time or None)"""
        address, full_path, _modified = path
        return not full_path and f"/{address.lstrip('/')}" in LEFT_OUT_BY_DEBIAN
