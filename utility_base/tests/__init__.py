from . import test_agreement_document
from . import test_correspondence
from . import test_document
from . import test_document_access
from . import test_document_movement
from . import test_kit
from . import test_dated_mixin
from . import test_dated_history
