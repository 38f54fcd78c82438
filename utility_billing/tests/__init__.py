from . import test_rates
from . import test_rate_checks
from . import test_rate_access
from . import test_billing_run
from . import test_recalculation
from . import test_rate_assignment
from . import test_rate_import
