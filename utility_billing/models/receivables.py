"""On which ledger account payers owe, many at once."""

from odoo.tools import SQL


def receivables_of(env, company, partner_ids):
    """The receivable accounts of partners in a company, by one query.

    :return: {partner id: id of `account.account`, 0 where there is none}
    """
    partners = env["res.partner"].with_company(company)
    partners.flush_model(["property_account_receivable_id"])
    field = partners._fields["property_account_receivable_id"]
    fallback = field.get_company_dependent_fallback(partners).id
    rows = env.execute_query(
        SQL(
            """
        SELECT id, property_account_receivable_id -> %s FROM res_partner WHERE id = ANY(%s)
        """,
            str(company.id),
            list(partner_ids),
        )
    )
    return {partner_id: own if own is not None else fallback or 0 for partner_id, own in rows}
