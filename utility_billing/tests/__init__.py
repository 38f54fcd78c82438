from . import test_rates
from . import test_rate_checks
from . import test_rate_access
