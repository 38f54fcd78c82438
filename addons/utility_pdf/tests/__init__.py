from . import test_barcode
from . import test_fetcher
from . import test_pages
from . import test_records
