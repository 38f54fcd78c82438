from . import correction_preview
from . import correction_preview_line
