"""The reasons of matching in words."""


class Words:
    """Sentences are looked up once for many payments.

    :param env: whose language it is
    """

    def __init__(self, env):
        self.templates = {
            "reference": env._("Payment reference %(shown)s"),
            "bill": env._("The bill's number: %(shown)s"),
            "number": env._("The account's number: %(shown)s"),
            "labelled": env._("The text names the account: %(shown)s"),
            "bare": env._("The number is in the text: %(shown)s"),
            "payer_iban": env._("Paid from this bank account before, %(shown)s ×"),
            "payer_code": env._("Paid with this payer's code before, %(shown)s ×"),
            "payer_name": env._("Paid under this name and address before, %(shown)s ×"),
            "payer_several": env._("One of several accounts that the payer has paid for"),
            "payer_former": env._(
                "Seen before, %(shown)s ×, when somebody else paid for the account"
            ),
            "former_payer": env._("A former payer owes still: say whose debt is paid"),
            "former_bill": env._("The bill of this sum is a former payer's: say whose is paid"),
            "open_bill": env._("A bill is open with exactly this sum"),
            "owed": env._("Owes exactly this sum"),
            "name": env._("The payer has a like name"),
            "name_address": env._("A like name and address"),
            "closed": env._("Closed on %(shown)s, and nothing is owed"),
            "same_digits": env._("Several accounts have these digits"),
            "check_digits": env._("The check digits of the reference are wrong"),
            "contradicted": env._("The payment names more accounts than one"),
            "same_sum": env._("A registered payment of the same sum"),
            "same_payer": env._("The same payer"),
            "same_reference": env._("The same reference"),
            "same_transaction": env._("The same number at the bank"),
            "nothing": env._("Nothing in it tells whose it is"),
            "future": env._("Dated in the future"),
        }

    def of(self, evidence, doubt=""):
        """One sentence after another.

        :param evidence: [(code, text)]
        :param doubt: code of what makes it doubtful
        """
        rows = [self.templates[code] % {"shown": shown} for code, shown in evidence]
        if doubt and doubt != "closed":
            rows.append(self.templates[doubt])
        return "\n".join(rows)
