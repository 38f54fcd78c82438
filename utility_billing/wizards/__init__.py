from . import rate_withdraw_wizard
from . import rate_assign_wizard
from . import rate_assign_line
from . import rate_price_wizard
from . import correction_preview
from . import correction_preview_line
from . import rate_check
from . import rate_check_line
