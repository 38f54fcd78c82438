from . import explanation
from . import explanation_difference
from . import explanation_names
from . import explanation_quantity
from . import explanation_terms
