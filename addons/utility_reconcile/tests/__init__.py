from . import test_clearing_engine
from . import test_bank_clearing
