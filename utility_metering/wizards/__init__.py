from . import reading_decision_wizard
