from . import test_devices_core
from . import test_engine_convert
from . import test_engine_usage
from . import test_move_readings
