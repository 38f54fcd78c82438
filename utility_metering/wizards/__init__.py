from . import check_visit_wizard
from . import route_wizard
from . import reading_decision_wizard
