from . import test_routes
from . import test_field_page
