"""When this happens there, do that here: one file per such rule."""

from __future__ import annotations

from installflow.reactions.openip_links import link_the_sheets
from installflow.reactions.technician_days import (
    alert_the_order_that_books_an_absent_technician,
    alert_the_orders_of_an_absent_technician,
    book_technician_days,
    tell_the_orders_of_a_technician_who_is_back,
)

REACTIONS = (
    book_technician_days,
    alert_the_orders_of_an_absent_technician,
    alert_the_order_that_books_an_absent_technician,
    tell_the_orders_of_a_technician_who_is_back,
    link_the_sheets,
)

__all__ = ["REACTIONS"]
