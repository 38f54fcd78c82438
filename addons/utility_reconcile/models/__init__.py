from . import clearing
from . import clearing_facts
from . import bank_statement_line
from . import bank_statement_line_clearing
from . import payment_collector
from . import payment_batch
