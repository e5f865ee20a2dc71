"""`installflow demo`: the main job on the example board, by the very commands a planner types."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import shlex
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from installflow.cli.columns import show_remark
from installflow.cli.commands import command
from installflow.cli.entry import invoke
from installflow.cli.session import Session
from installflow.cli.writing import screen, write, write_failure, write_json
from installflow.errors import Invalid, NotFound
from installflow.workflow.zone import PARIS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from installflow.cli.failures import Failure

START = dt.datetime(2026, 11, 21, 9, 0, tzinfo=PARIS)
"""The example board is of that day: the demo is the same whenever it is run."""

SONIA = ("--by", "Sonia", "--role", "planner")
ORDER = "CMD-2026-118"

SHOWN_REMARKS = 5
"""Of the import's remarks: what must stay on the screen is the order's story."""


@dataclass(slots=True)
class Demo:
    """The demo under way: its session, its clock, and for programs what each step answered."""

    session: Session
    now: dt.datetime = START
    steps: list[dict[str, Any]] = field(default_factory=list)

    def say(self, *lines: str) -> None:
        """Tell what comes next."""
        if not self.session.json:
            write("", *(Text(line, style="italic cyan") for line in lines))

    def run(self, *words: str) -> None:
        """Run one command a few minutes later, as it would be typed."""
        self.now += dt.timedelta(minutes=5)
        inner = Session(
            db=self.session.db, policies="", json=self.session.json, clock=lambda: self.now, remarks=SHOWN_REMARKS
        )
        arguments = [*words, *SONIA]
        if self.session.json:
            with contextlib.redirect_stdout(io.StringIO()) as out:
                code = invoke(arguments, inner, write_failure)
            self.steps.append({"command": list(words), "exit_code": code, "output": json.loads(out.getvalue())})
        else:
            write(Text(f"\n$ installflow {shlex.join(words)}", style="bold"))
            invoke(arguments, inner, _tell)


def _tell(failure: Failure, _session: Session) -> None:
    """A refusal is part of the story: it stands where the rest does."""
    sentence, *reasons = failure.lines()
    write(Text(f"✗ {sentence}", style="bold red"))
    for reason in reasons:
        show_remark(screen(), reason.strip().removeprefix("- "), mark="-", style="red")


@command("demo", "Rien n'est touché ailleurs ; --keep garde la base pour continuer seul.")
@click.option("--keep", metavar="FICHIER", help="garder la base dans ce fichier")
@click.pass_obj
def demo_command(session: Session, *, keep: str | None) -> None:
    """Take the example board over, read it, and lead one order through a refusal to its audit trail."""
    board = example_board()
    with _store(keep) as path:
        demo = Demo(Session(db=f"sqlite:///{path}", json=session.json))
        _tell_story(demo, board)
    if session.json:
        write_json(demo.steps)
    elif keep:
        write("", f"la base est gardée : installflow --db sqlite:///{keep} board")


def _tell_story(demo: Demo, board: Path) -> None:
    demo.say("Le planning d'aujourd'hui, tel que les planificateurs le tiennent, devient un historique de faits.")
    demo.run("import", str(board), "--today", START.date().isoformat())
    demo.say("Le planning, par date ; sans --brief, chaque commande a dessous ce qui mérite un regard.")
    demo.run("board", "--brief", "--limit", "12")
    demo.say("Ce qu'il faut faire ce matin.")
    demo.run("today")
    demo.say("Ce que la facturation doit savoir.")
    demo.run("billing", "--limit", "5")
    demo.say("Une commande arrive : 6 téléphones, pour un partenaire qui parle seul à ses clients.")
    demo.run("open", "client=Boulangerie Morel", "partner=VIP TELECOM", "phones=6", f"ref={ORDER}")
    demo.say("L'atelier veut commencer tout de suite : refusé, et l'on sait pourquoi.")
    demo.run("record", ORDER, "demarrer_staging")
    demo.say("On répare, puis la commande avance.")
    demo.run("record", ORDER, "demarrer_collecte")
    demo.run("record", ORDER, "terminer_collecte")
    demo.run("record", ORDER, "terminer_staging", "--on-behalf-of", "Malik")
    demo.say("Le technicien voulu est déjà pris ce jour-là : refusé, rien n'est enregistré.")
    visit = ("slot=9H30", "origin=Direct", "technician=Y. Morvandel", "project_manager=I. Castelnoue")
    demo.run("record", ORDER, "planifier_rdv", "date=15/12/2026", *visit)
    demo.say("Un jour où il est libre, et on lui demande.")
    demo.run("record", ORDER, "planifier_rdv", "date=17/12/2026", *visit)
    demo.run("record", ORDER, "demander_technicien")
    demo.run("record", ORDER, "confirmer_technicien", "--on-behalf-of", "Y. Morvandel", "--source", "téléphone")
    demo.say("Appeler le client ? Pas chez ce partenaire.")
    demo.run("record", ORDER, "contacter_client")
    demo.say("Le partenaire confirme, le client garde ses numéros ailleurs : le rendez-vous est posé.")
    demo.run("record", ORDER, "noter_porta", "state=sans")
    demo.run("record", ORDER, "partenaire_confirme", "confirmed_by=Mme Aubry", "how=mail")
    demo.say("La commande en entier, et tout ce qui lui est arrivé : qui, pour qui, quand.")
    demo.run("show", ORDER)
    demo.run("history", ORDER)


@contextlib.contextmanager
def _store(keep: str | None) -> Iterator[Path]:
    """The file of the demo's store: a new one to keep, or one in a folder that goes away."""
    if keep:
        path = Path(keep)
        if path.exists():
            msg = f"« {path.name} » existe déjà : donner le nom d'un fichier nouveau"
            raise Invalid(msg)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="installflow-") as folder:
        yield Path(folder) / "demo.db"


def example_board() -> Path:
    """The example board: installed beside the package, or in the project's own folder."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "examples", package.parent.parent / "examples"):
        board = folder / "planning.csv"
        if board.is_file():
            # Shown in the story: short where it can be.
            try:
                return board.relative_to(Path.cwd())
            except (ValueError, OSError):  # elsewhere, or in a folder that was deleted
                return board
    msg = "le tableau d'exemple (examples/planning.csv) manque : réinstaller installflow"
    raise NotFound(msg)
