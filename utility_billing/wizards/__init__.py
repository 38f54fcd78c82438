from . import adjustment_decision
