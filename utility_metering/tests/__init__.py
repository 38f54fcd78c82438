from . import test_reading_validation
from . import test_import_readings
from . import test_import_meters
