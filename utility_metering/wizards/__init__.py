from . import move_reading_line
from . import move_wizard
from . import reading_decision_wizard
