from . import network_balance_wizard
from . import suspicion_explain
from . import check_visit_wizard
from . import route_wizard
