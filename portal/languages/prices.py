"""Amounts as they are typed, in the smallest unit of their currency as they are kept."""

import re
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from portal.languages.words import Words

DEAREST = 10_000_000


def read_price(form: Any, name: str, currency: str, words: Words) -> int | None:
    """A comma or a point, as one writes it. None when it is empty, or refused beside its field."""
    typed = form.text(name, 12, required=False).replace(",", ".").replace("\u00a0", "").replace(" ", "")
    if not typed:
        return None
    precision = get_currency_precision(currency)
    if re.fullmatch(rf"[0-9]+(\.[0-9]{{1,{max(precision, 1)}}})?", typed):
        price = Decimal(typed).scaleb(precision)
        if price == int(price) and price <= DEAREST:
            return int(price)
    form.refuse(name, words.gettext("Please type an amount like 85.00, or nothing."))
    return None


def typed_price(price: int | None, currency: str) -> str:
    return "" if price is None else f"{Decimal(price).scaleb(-get_currency_precision(currency)):f}"
