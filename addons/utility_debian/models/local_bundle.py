import hashlib

from odoo.addons.base.models.assetsbundle import AssetsBundle

from . import outside


class LocalAssetsBundle(AssetsBundle):
    """Odoo's bundle, saved without what it would load from other servers."""

    def get_version(self, asset_type):
        """Another version than Odoo's own, so that a bundle saved without this class is made anew.

        :return: seven hexadecimal digits
        """
        version = super().get_version(asset_type)
        return hashlib.sha256(f"local {version}".encode()).hexdigest()[:7]

    def save_attachment(self, extension, content):
        if extension in ("css", "min.css"):
            content = outside.local_css(content)
        elif extension in ("js", "min.js"):
            content = outside.local_js(content)
        return super().save_attachment(extension, content)
