"""Who takes money in, for towns that have nobody yet."""


def make_collector(call, company_id, code, name, **vals):
    """A collector whose money goes over a ledger account of its own; returns its id.

    :param call: JSON-2 client of the administrator
    :param code: of the ledger account
    """
    (ledger_id,) = call(
        "account.account",
        "create",
        vals_list=[
            {
                "code": code,
                "name": f"{name}: on its way",
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [[6, 0, [company_id]]],
            }
        ],
    )
    collector = {
        "name": name,
        "company_id": company_id,
        "clearing_account_id": ledger_id,
        **vals,
    }
    (collector_id,) = call("utility.payment.collector", "create", vals_list=[collector])
    return collector_id
