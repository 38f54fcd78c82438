from . import test_allocation
from . import test_allocation_engine
from . import test_allocation_life
from . import test_formula
