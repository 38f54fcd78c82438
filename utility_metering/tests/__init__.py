from . import test_engine_convert
from . import test_engine_usage
from . import test_usage_calculation
from . import test_usage_storing
from . import test_usage_run
