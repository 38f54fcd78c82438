from odoo.tools import SQL


def payer_on(account, day):
    """SQL: id of who pays for an account on a day, NULL where nobody is recorded.

    :param account, day: SQL of the account's id and of the day
    """
    return SQL(
        """
        (SELECT payer.partner_id FROM utility_account_payer payer
         WHERE payer.account_id = %s AND payer.voided_at IS NULL
         AND daterange(payer.date_start, payer.date_end, '[]') @> %s LIMIT 1)
        """,
        account,
        day,
    )
