{
    "name": "Utility: PDF by WeasyPrint",
    "summary": "Print Odoo's reports with WeasyPrint, barcodes with ZXing",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tools",
    "license": "AGPL-3",
    "author": "Utility Suite",
    "depends": ["base", "web"],
    "data": ["views/report_templates.xml"],
    "external_dependencies": {"python": ["weasyprint", "zxing-cpp"]},
    "auto_install": True,
}
