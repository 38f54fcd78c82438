from . import test_devices_core
from . import test_engine_convert
from . import test_engine_usage
from . import test_move_readings
from . import test_reading_decision
from . import test_reading_engine
from . import test_reading_validation
from . import test_reading_window
