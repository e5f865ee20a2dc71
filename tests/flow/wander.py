"""Random lives of a few orders: at each step one of the things `options` allows, filled in somehow."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from installflow import InstallFlow, Invalid, Option, Refused
from installflow.orders import OrderStatus, StatusCorrected, TechnicianAbsent
from installflow.testing.clock import FixedClock
from tests.flow.acts import APRIL_14, APRIL_15, SONIA, received

DATES = [APRIL_14, APRIL_15, dt.date(2027, 4, 16)]
VALUES: dict[str, list[Any]] = {
    "asked_on": [dt.date(2027, 3, 1)],
    "billed": [True, False],
    "category": ["duree", "blocages"],
    "check": ["colis"],
    "client": ["Garage Petit", "Café Élan"],
    "collecte_completed": [True],
    "confirmed_by": ["M. X"],
    "date": DATES,
    "direction": ["entrant", "sortant"],
    "extra": [False, True],
    "how": ["mail"],
    "imported": [True, False],
    "note": ["vu"],
    "origin": ["Direct", "5 com", "Occitech", "Direct + 5 com"],
    "override_reason": ["renfort"],
    "partner": ["VIP", "HIGHCOM", "Entreprise Pro", "Ailleurs"],
    "phones": [0, 2, 7],
    "project_manager": ["Inès", "Paul"],
    "reason": ["motif"],
    "report": ["posé"],
    "result": ["terminé", "à finir"],
    "sentence": ["à voir"],
    "slot": ["9H30", "14H 30"],
    "source": ["OpenIP"],
    "state": ["demandée", "sans"],
    "status": list(OrderStatus),
    "technician": ["Karim", "Léa", "Karim / Léa"],
    "technician_confirmed": [True],
    "text": ["texte"],
    "tracking": ["8X1", "8X2 / 8X3"],
    "typed": [{"CLIENT": "Garage"}],
    "unread": [{"DATE": "demain"}],
}


class Wander:
    """Walks a flow's orders about; the same seed takes the same way."""

    def __init__(self, flow: InstallFlow, clock: FixedClock, seed: int, *, clock_may_step_back: bool = False) -> None:
        self.flow, self.clock, self.chance = flow, clock, random.Random(seed)  # noqa: S311  # not a secret
        self.back = clock_may_step_back
        self.orders: list[UUID] = []
        self.taken: set[str] = set()

    def steps(self, number: int) -> Iterator[None]:
        """Take that many steps, and stop after each."""
        for _ in range(number):
            self._let_time_pass()
            # What depends on what is typed may still be refused.
            with contextlib.suppress(Refused, Invalid, ValidationError):
                self._step()
            yield

    def _let_time_pass(self) -> None:
        hours = self.chance.choice([1, 5, 30, 30, 200, -3 if self.back else 2])
        self.clock.advance(hours=hours)

    def _step(self) -> None:
        chance = self.chance
        if len(self.orders) < 2 or chance.random() < 0.05:
            partner, phones = chance.choice(VALUES["partner"]), chance.choice([None, 2, 7])
            self.orders.append(self.flow.open(received(partner=partner, phones=phones), by=SONIA).id)
            return
        one = chance.choice(self.orders)
        if chance.random() < 0.03:
            absent = TechnicianAbsent(technician="Léa", day=chance.choice(DATES), reason="congés")
            self.flow.open(absent, by=SONIA)
        elif chance.random() < 0.04:
            status = chance.choice(VALUES["status"])
            self.flow.record(one, StatusCorrected(status=status, reason="x", imported=chance.random() < 0.5), by=SONIA)
        else:
            allowed = [option for option in self.flow.options(one) if option.allowed]
            moving = [option for option in allowed if option.target is not None]
            self._take(one, chance.choice(moving if moving and chance.random() < 0.4 else allowed))

    def _take(self, one: UUID, option: Option) -> None:
        chance = self.chance
        event = option.event(**dict(self._filled(option)))
        late = option.target is None and chance.random() < 0.2
        occurred = self.clock.now - dt.timedelta(days=chance.randrange(20)) if late else None
        recorded = self.flow.record(one, event, by=SONIA, occurred_at=occurred).recorded
        self.taken.add(recorded.topic)

    def _filled(self, option: Option) -> Iterator[tuple[str, Any]]:
        for name, field in option.event.model_fields.items():
            if name == "next" and option.event.trigger != "faire_imper":
                if option.target is not None and self.chance.random() < 0.5:
                    yield name, option.target
            elif name in VALUES and (field.is_required() or self.chance.random() < 0.5):
                yield name, self.chance.choice(VALUES[name])
