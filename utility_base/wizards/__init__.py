from . import void_wizard
from . import document_upload
from . import agreement_termination
from . import letter_wizard
from . import template_preview
