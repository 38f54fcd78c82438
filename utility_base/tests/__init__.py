from . import test_bulk
from . import test_import_reading
