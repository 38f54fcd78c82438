from . import test_routes
from . import test_field_page
from . import test_reading_validation
