from . import test_consumption
from . import test_entry
from . import test_entry_tour
from . import test_reading_validation
from . import test_meter_work
from . import test_meter_papers
from . import test_units
