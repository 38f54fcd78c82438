from odoo import models

from . import outside
from .local_bundle import LocalAssetsBundle

LOADING_TAGS = {"link": "href", "script": "src"}


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _get_asset_bundle(self, bundle_name, *args, **kwargs):
        """The same bundle, as one that loads nothing from other servers."""
        bundle = super()._get_asset_bundle(bundle_name, *args, **kwargs)
        return LocalAssetsBundle(
            bundle.name,
            bundle.files,
            bundle.external_assets,
            env=bundle.env,
            css=bundle.has_css,
            js=bundle.has_js,
            debug_assets=bundle.is_debug_assets,
            rtl=bundle.rtl,
            assets_params=bundle.assets_params,
            autoprefix=bundle.autoprefix,
        )

    def _post_processing_att(self, tagName, atts):
        """Links and scripts that lead to a font server lose their address."""
        atts = super()._post_processing_att(tagName, atts)
        name = LOADING_TAGS.get(tagName)
        if name and atts.get(name) and outside.is_font_server(atts[name]):
            atts = {key: value for key, value in atts.items() if key != name}
        return atts
