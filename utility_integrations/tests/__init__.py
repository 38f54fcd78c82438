from . import test_camt_engine
from . import test_swift_engine
from . import test_text_formats
from . import test_published_figures
from . import test_import_formats
from . import test_bank_statements
