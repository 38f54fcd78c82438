from . import test_consumption
from . import test_entry
from . import test_reading_validation
