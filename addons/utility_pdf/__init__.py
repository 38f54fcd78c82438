import logging

# They tell about every rule and glyph, already while they are imported.
for name in ("weasyprint", "weasyprint.progress", "fontTools"):
    logging.getLogger(name).setLevel(logging.CRITICAL)

from . import models  # noqa: E402
