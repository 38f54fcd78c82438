from . import test_allocation_engine
from . import test_formula
from . import test_rate_vectors
from . import test_rates_against_sam
from . import test_rating_periods
from . import test_rating_properties
from . import test_rating_refusals
