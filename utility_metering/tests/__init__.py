from . import test_network_balance
from . import test_suspicion
from . import test_units
