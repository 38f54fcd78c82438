"""Published cases of payment references and of codes on bills.

Each adapter takes the inputs of a case and returns the figures that it expects, under the same
keys; `ADAPTERS` says which adapter a case takes.
"""

from decimal import Decimal

from ..engine import payment_codes as codes
from ..engine import references

SCHEMES = {"ISO 11649": "rf", "QRR": "qrr", "FI viitenumero": "fi"}
# a payment that every scheme of Ukraine takes; cases change one thing about it
UKRAINIAN = {
    "name": "ТОВ Приклад",
    "iban": "UA201234560000000260323012042",
    "amount": Decimal("10"),
    "currency": "UAH",
    "code": "40121452",
    "text": "Оплата за газ, особовий рахунок 123456789",
}


def valid(make, *args, **options):
    try:
        make(*args, **options)
    except codes.UnfitPayment:
        return False
    return True


# -- references -------------------------------------------------------------------------------


def reference(inputs):
    scheme = inputs["scheme"]
    if scheme == "ISO 11649 normalisation":
        return _normalised(inputs["reference"])
    scheme = SCHEMES.get(scheme) or f"kid{inputs['mode'][3:]}"
    if "reference" in inputs:
        found = {"valid": references.is_valid(scheme, inputs["reference"])}
        return {**found, "compact": references.compact(inputs["reference"])}
    if "body26" in inputs:
        return {"check_digit": references.reference(scheme, inputs["body26"])[-1]}
    body = inputs.get("body")
    if body is None:
        number = inputs["reference_number"]
        body = inputs["customer_id"] + number.zfill(26 - len(inputs["customer_id"]))
    made = references.reference(scheme, body)
    found = {"reference": made}
    return {**found, "as_rf": references.reference("rf", made)} if scheme == "fi" else found


def _normalised(text):
    """Zeros before the body do not change the check digits: both forms are as valid."""
    compact = references.compact(text)
    without = compact[:4] + compact[4:].lstrip("0")
    known = {references.is_valid("rf", form) for form in (compact, without)}
    return {"normalised": without, "checksum_valid": known.pop() if len(known) == 1 else None}


# -- QR codes ---------------------------------------------------------------------------------


def epc(inputs):
    """A whole payload; version 002 of the standard's example drops zeros of the amount."""
    information = f"ReqdExctnDt/{inputs['due_date']}" if "due_date" in inputs else ""
    text = codes.epc(
        codes.Payment(
            name=inputs["name"],
            iban=inputs["iban"],
            amount=Decimal(inputs["amount"]),
            bic=inputs["bic"],
            reference=inputs.get("reference", ""),
            text=inputs.get("text", ""),
        ),
        version=inputs["version"],
        encoding=inputs["encoding"],
        information=information,
        least_places=2 if information else 0,
    )
    return {
        "payload_lines": text.split("\n"),
        "lines": text.count("\n") + 1,
        "bytes": len(text.encode(codes.EPC_ENCODINGS[inputs["encoding"]])),
    }


def epc_amount(inputs):
    amount = Decimal(inputs["amount"])
    if not valid(codes.epc_amount, amount):
        return {"valid": False}
    return {"valid": True, "amount_line": f"EUR{codes.epc_amount(amount)}"}


def bics(inputs):
    return {"valid": [codes.is_bic(bic) for bic in inputs["bics"]]}


def gost(inputs):
    values, encoding = codes.gost_values(inputs["payload"])
    cents = Decimal("0.01")
    return {
        "valid": True,
        "encoding": encoding,
        "sum_rub": str(Decimal(values["sum"]) * cents),
        "penalty_or_extra_rub": str(Decimal(values["addamount"]) * cents),
        "personal_account": values["persacc"],
        "period_raw": values["paymperiod"],
        "meter": values["counterid"],
        "reading": values["counterval"],
    }


def gost_header(inputs):
    return {"valid": valid(codes.gost_values, inputs["header"])}


def nbu(inputs):
    payment = codes.Payment(
        name=inputs["receiver"],
        iban=inputs["iban"],
        amount=Decimal(inputs["amount_kopecks"]) / 100,
        currency="UAH",
        code=inputs["code"],
        text=inputs["purpose"],
    )
    lines = codes.nbu_lines(payment, inputs["encoding"])
    return {
        "payload_lines": lines,
        "lines": len(lines),
        "url_without_final_lf": codes.nbu(payment),
        "url_with_final_lf": codes.nbu(payment, final_line_feed=True),
    }


def nbu_3(inputs):
    payment = codes.Payment(
        name=inputs["recipient"],
        iban=inputs["account"],
        amount=Decimal(inputs["amount"]),
        currency="UAH",
        code=inputs["recipient_code"],
        reference=inputs["reference"],
        text=inputs["purpose"],
    )
    link = codes.nbu_3(payment, category=inputs["category"], lock_mask=inputs["lock_mask"])
    return {
        "valid": link.startswith(codes.NBU_3_BASE) and len(link) <= codes.NBU_3_URL_BYTES,
        "base_url": codes.NBU_3_BASE,
        "max_url_bytes": codes.NBU_3_URL_BYTES,
    }


def nbu_3_refused(inputs):
    names = {"account": "iban", "recipient_code": "code", "currency": "currency"}
    (what, value), *_others = inputs["change"].items()
    change = {"name": "Я" * value} if what == "recipient_length" else {names[what]: value}
    try:
        codes.nbu_3(codes.Payment(**{**UKRAINIAN, **change}))
    except codes.UnfitPayment as error:
        return {"valid": False, "reason": str(error)}
    return {"valid": True, "reason": ""}


def swiss(inputs):
    name, *address = inputs["creditor"]
    payment = codes.Payment(
        name=name,
        iban=inputs["iban"],
        amount=Decimal(inputs["amount"]),
        currency=inputs["currency"],
        reference=inputs["reference"],
        address=tuple(address),
    )
    lines = codes.swiss(payment).split("\n")
    return {"payload_lines": lines, "lines": len(lines)}


def qr_iban(inputs):
    return {"qr_iban": codes.is_qr_iban(inputs["iban"])}


ADAPTERS = {
    "QRP-00": epc,
    "QRP-02": epc,
    "QRP-09": bics,
    "QRP-10": gost,
    "QRP-20": nbu,
    "QRP-21": nbu_3,
    "QRP-30": swiss,
    "QRP-32": qr_iban,
}
BY_INPUTS = (("amount", epc_amount), ("header", gost_header), ("change", nbu_3_refused))


def adapter_of(case):
    """The adapter of a case of `payment_qr`."""
    found = ADAPTERS.get(case["id"])
    inputs = case["inputs"]
    return found or next((adapter for key, adapter in BY_INPUTS if key in inputs), None)
