"""One line of the board, read cell by cell: what is certain is filled in, the rest stays as typed with a remark."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from installflow.orders.spreadsheet import comments
from installflow.orders.spreadsheet.checks import check_row
from installflow.orders.spreadsheet.choices import read_material, read_origins, read_slot, read_status
from installflow.orders.spreadsheet.dates import read_date, scan
from installflow.orders.spreadsheet.people import counted, is_no_name, names_in
from installflow.orders.spreadsheet.porta import read_porta
from installflow.orders.spreadsheet.rio import rio_warnings
from installflow.orders.spreadsheet.row import RawRow, ReadReminder, ReadRow, Remark
from installflow.orders.spreadsheet.tracking import read_tracking
from installflow.orders.spreadsheet.typed import CELL_LIMIT, ROW_LIMIT, cleaned, tidy, tidy_lines
from installflow.orders.terms import HEADERS, OrderStatus, key_of

if TYPE_CHECKING:
    import datetime as dt

BVC = "BVC Orange"
_TOTAL = re.compile(r"sous tota(?:l|ux)\b.*|tota(?:l|ux)(?: general| [0-9]+)?")
_BANNER = re.compile(
    r"(?:semaine|sem) (?:no )?[0-9]{1,2}\b.*|s ?[0-9]{1,2}"
    r"|(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)(?: 20[0-9]{2})?"
)
_WORDS = re.compile(r"[^\W\d_]")
_TOO_LONG = "{where} dépasse {limit} Kio : la ligne n'est pas importée ; raccourcissez le texte ou joignez-le à part"


def read_row(raw: RawRow, today: dt.date) -> ReadRow:
    """What one line says, of any line whatever: it never raises and drops nothing.

    Each cell is either blank, read into its field, or kept in ``unread`` with a remark; a line that cannot be imported
    at all says why in ``refused``.
    """
    reading = _Reading(raw, today)
    refused = reading.clean()
    if refused:
        return ReadRow(raw=reading.raw, refused=refused, remarks=tuple(reading.remarks))
    if aside := _aside(reading.raw):
        return ReadRow(raw=reading.raw, refused=aside)
    reading.read()
    row = ReadRow(raw=reading.raw, unread=reading.unread, **reading.values)
    suggested, remarks = check_row(row, today)
    return dataclasses.replace(
        row,
        suggested=row.suggested or suggested,
        remarks=(*reading.remarks, *remarks),
        refused=_no_order(row),
    )


def _no_order(row: ReadRow) -> str:
    if row.raw.aside:
        return row.raw.aside
    if not row.client:
        return "CLIENT vide : indiquez l'entreprise ou le site, puis importez à nouveau"
    return ""


def _aside(raw: RawRow) -> str:
    """Why a line is none that anyone would read as an order: nothing else needs to be said of its cells."""
    client = raw.cells.get("CLIENT", "")
    if raw.aside and not tidy(client):
        return raw.aside
    alone = ""
    for text in (*raw.cells.values(), *raw.extra.values()):
        if _WORDS.search(text) and not text.lstrip().startswith("="):
            if alone:
                return ""
            alone = text
    if tidy(client) and client != alone:
        return ""
    key = key_of(alone)
    if _TOTAL.fullmatch(key):
        return "une ligne de total n'est pas une commande"
    return f"« {tidy(alone)[:60]} » : un titre n'est pas une commande" if _BANNER.fullmatch(key) else ""


@dataclass(slots=True)
class _Reading:
    raw: RawRow
    today: dt.date
    values: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def clean(self) -> str:
        """Keeps what a store can keep of every cell; answers why the line is refused, blank when it is not."""
        self.remarks += self.raw.remarks
        cells, extra = dict(self.raw.cells), dict(self.raw.extra)
        for texts in (cells, extra):
            for header, typed in texts.items():
                texts[header], why = cleaned(typed)
                if why:
                    self.remark(header, why, texts[header][:200])
        extra = {cleaned(name)[0]: text for name, text in extra.items()}
        self.raw = dataclasses.replace(self.raw, cells=cells, extra=extra)
        sizes = {header: len(text.encode()) for header, text in (*extra.items(), *cells.items())}
        longest = max(sizes, key=lambda header: sizes[header], default="")
        if sizes.get(longest, 0) > CELL_LIMIT:
            refused = _TOO_LONG.format(where=f"la cellule « {longest} »", limit=CELL_LIMIT >> 10)
        elif sum(sizes.values()) > ROW_LIMIT:
            refused = _TOO_LONG.format(where="la ligne entière", limit=ROW_LIMIT >> 10)
        else:
            return ""
        self.remark(longest, refused, (cells.get(longest) or extra.get(longest, ""))[:200])
        return refused

    def read(self) -> None:
        self._people()
        self._dates()
        self._choices()
        self._texts()

    def remark(self, header: str, message: str, value: str | None = None) -> None:
        typed = self.raw.cells.get(header, "") if value is None else value
        self.remarks.append(Remark(self.raw.line, header, typed, message, self.raw.sheet))

    def leave(self, header: str, why: str) -> None:
        """The cell stays as typed, with the reason."""
        self.unread[header] = self.raw.cells[header]
        self.remark(header, self.formula(header) or why)

    def formula(self, header: str) -> str:
        """What to say of a cell that holds a formula; blank for any other."""
        if not self.raw.cells.get(header, "").lstrip().startswith("="):
            return ""
        shown = tidy(self.raw.shown.get(header, ""))
        way = f" ; Excel y montrait « {shown} » : tapez-le s'il est juste" if shown else ""
        return f"cellule commençant par = : gardée comme texte, la formule n'est jamais calculée{way}"

    def text(self, header: str) -> str:
        return tidy(self.raw.cells.get(header, ""))

    def _people(self) -> None:
        self.values["client"] = self.text("CLIENT")
        if not self.values["client"]:
            self.remark("CLIENT", "CLIENT vide : indiquez l'entreprise ou le site")
        partner, _, confirmer = (tidy(part) for part in self.text("PARTENAIRE").partition("/"))
        if not partner:
            partner, confirmer = confirmer, ""
        bvc = comments.names_bvc(confirmer)
        if confirmer and not bvc:
            self.remark("PARTENAIRE", f"« {confirmer} » est lu comme celui qui confirme pour {partner} : vérifiez")
        self.values |= {"partner": partner, "confirmer": BVC if bvc else confirmer}
        if not partner:
            self.remark("PARTENAIRE", "PARTENAIRE vide : indiquez à qui appartient le client")
        if typed := self.text("NOM TECH"):
            names = names_in(self.raw.cells["NOM TECH"])
            if is_no_name(typed):
                self.leave("NOM TECH", f"NOM TECH incertain « {typed[:60]} » : ne laissez que le nom")
            else:
                self.values["technicians"] = tuple({key_of(name): name for name in reversed(names)}.values())[::-1]
                if len(self.values["technicians"]) > 1:
                    self.remark("NOM TECH", counted(names))
        if typed := self.text("NOM CP"):
            if is_no_name(typed):
                self.leave("NOM CP", f"NOM CP incertain « {typed[:60]} » : ne laissez que le nom")
            else:
                self.values["project_manager"] = typed

    def _dates(self) -> None:
        if typed := self.text("IMPER"):
            self._reminders(typed)
        if typed := self.text("DATE"):
            read = read_date(typed, self.today)
            self.values["date"] = read.date
            for note in read.notes:
                self.remark("DATE", note)
            if read.date is None:
                self.leave("DATE", read.unread)
        if self.text("PORTA PRÉVUE LE"):
            porta, notes, why = read_porta(self.raw.cells["PORTA PRÉVUE LE"], self.today)
            self.values["porta"] = porta
            for note in notes:
                self.remark("PORTA PRÉVUE LE", note)
            if why:
                self.leave("PORTA PRÉVUE LE", why)

    def _reminders(self, typed: str) -> None:
        found = scan(typed, self.today)
        if not found:
            read = read_date(typed, self.today, "IMPER")
            if read.date is None:
                self.leave("IMPER", read.unread)
                return
            self.values["reminders"] = (ReadReminder(read.date),)
            for note in read.notes:
                self.remark("IMPER", note)
            return
        for one in found:
            for note in one.notes:
                self.remark("IMPER", note)
        if any(one.date is None for one in found):
            self.unread["IMPER"] = self.raw.cells["IMPER"]
        ends = [one.start for one in found[1:]] + [len(typed)]
        before = _note(typed[: found[0].start])
        reminders = []
        for one, end in zip(found, ends, strict=True):
            note = " ".join(part for part in (before, _note(typed[one.end : end])) if part)
            before = ""
            if one.date:
                reminders.append(ReadReminder(one.date, note))
        self.values["reminders"] = tuple(reminders)

    def _choices(self) -> None:
        if typed := self.text("HEURE"):
            self.values["slot"], why = read_slot(typed)
            if why:
                self.leave("HEURE", why)
        if self.text("TECH"):
            self.values["origins"], why = read_origins(self.raw.cells["TECH"])
            if why:
                self.leave("TECH", why)
        status, suggested, why = read_status(self.text("STATUT"))
        self.values |= {"status": status, "suggested": suggested}
        if why and self.text("STATUT"):
            self.leave("STATUT", why)
        elif why:
            self.remark("STATUT", why)
        if typed := self.text("MATÉRIEL REÇU"):
            self.values["material"], why = read_material(typed)
            if self.values["material"] is None:
                self.leave("MATÉRIEL REÇU", why)
            elif why:
                self.remark("MATÉRIEL REÇU", why)

    def _texts(self) -> None:
        if self.text("N° CHRONO"):
            tracking = read_tracking(self.raw.cells["N° CHRONO"])
            self.values["tracking"] = tracking.numbers
            for note in tracking.notes:
                self.remark("N° CHRONO", note)
            if tracking.unread:
                self.leave("N° CHRONO", tracking.unread)
        self.values["billing"] = tidy_lines(self.raw.cells.get("INFOS FACTURATION", ""))
        text = self.values["comments"] = tidy_lines(self.raw.cells.get("COMMENTAIRES PLANIF", ""))
        self._comments(text)
        for header in ("PORTA PRÉVUE LE", "COMMENTAIRES PLANIF"):
            for warning in rio_warnings(self.text(header)):
                self.remark(header, warning)
        for header in HEADERS:
            if header not in self.unread and (formula := self.formula(header)):
                self.remark(header, formula)

    def _comments(self, text: str) -> None:
        phones = comments.read_phones(text)
        self.values["phones"] = phones.count
        if phones.message:
            self.remark("COMMENTAIRES PLANIF", phones.message)
        status = self.values["status"]
        if status is OrderStatus.ANNULER:
            self.values["cancel_reason"] = comments.cancel_reason(text)
            self.values["cancel_confirmed"] = comments.partner_confirmed(text, self.values["partner"])
        if status is OrderStatus.ATTENTE_PARTE and not self.values["confirmer"] and comments.names_bvc(text):
            self.values["confirmer"] = BVC
            self.remark("COMMENTAIRES PLANIF", f"{BVC} est lu en commentaire comme celui qui confirme : vérifiez")


def _note(text: str) -> str:
    """What a reminder's cell says beside its dates, without the words that only join them."""
    words = re.sub(r"^(?:\s|[,;:/+\-&.]|puis\b|et\b)+|(?:\s|[,;:/+\-&]|\bpuis|\bet)+$", "", text, flags=re.IGNORECASE)
    return tidy(words)
