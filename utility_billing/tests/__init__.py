from . import test_relief_engine
from . import test_subsidy_engine
from . import test_norm_raising
from . import test_benefits
from . import test_subsidies
from . import test_adjustments
from . import test_one_off_charges
from . import test_relief_imports
