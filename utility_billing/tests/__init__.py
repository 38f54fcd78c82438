from . import test_explanation
from . import test_rate_check
