from . import test_missing_files
from . import test_outside
