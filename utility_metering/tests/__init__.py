from . import test_consumption
from . import test_entry
