from . import network_balance_wizard
from . import suspicion_explain
