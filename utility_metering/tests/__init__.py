from . import test_network_balance
from . import test_suspicion
