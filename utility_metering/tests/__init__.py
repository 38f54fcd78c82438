from . import test_reading_validation
