from . import import_position
from . import import_reader_bank
from . import import_reader_table
from . import import_reader_words
from . import import_profile_formats
from . import account_bank_statement
from . import account_statement_import_camt
from . import import_batch_statement
