from . import test_explanation
from . import test_rate_check
from . import test_billing_run
from . import test_recalculation
