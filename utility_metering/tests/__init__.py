from . import test_reading_decision
from . import test_reading_engine
from . import test_reading_validation
from . import test_reading_window
from . import test_import_readings
from . import test_import_meters
