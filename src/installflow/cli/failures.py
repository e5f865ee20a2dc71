"""What went wrong, for the person at the terminal: the exit code, one French sentence, every reason."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from installflow.cli.place import place_of, without_password
from installflow.errors import (
    Conflict,
    Forbidden,
    ImportRejected,
    InstallflowError,
    Invalid,
    NotFound,
    OutcomeUnknown,
    Reason,
    Refused,
    StoreUnavailable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OTHER, USAGE, REFUSED, NOT_FOUND, CONFLICT = 1, 2, 3, 4, 5

EXIT_CODES: dict[type[InstallflowError], int] = {
    Invalid: USAGE,
    ImportRejected: USAGE,
    Refused: REFUSED,
    Forbidden: REFUSED,
    NotFound: NOT_FOUND,
    Conflict: CONFLICT,
}

WRONG_DB = frozenset(
    {
        *("store_url", "store_not_a_database", "store_foreign", "store_no_folder", "store_not_a_file", "store_link"),
        *("store_postgres_missing", "store_encoding", "store_schema", "store_service"),
    }
)
"""The value of --db itself is wrong (exit code 2); the other faults are the store's own (exit code 1)."""

NO_STORE = frozenset({"store_not_initialised"})
"""The database is there and holds no store: as where there is no file (exit code 4)."""

STORE_SENTENCES = {
    "store_url": (
        "--db ne désigne pas une base : écrire sqlite:///commandes.db, sqlite:////dossier/commandes.db "
        "ou postgresql://utilisateur@serveur/base"
    ),
    "store_postgres_missing": "une base PostgreSQL demande l'extra « postgres » : pip install 'installflow[postgres]'",
    "store_db_functions": (
        "POSTGRES_ENABLE_DB_FUNCTIONS est posée dans l'environnement : l'enlever, sinon des événements "
        "échapperaient aux vues"
    ),
    "store_not_initialised": "{db} n'est pas encore préparée : lancer d'abord « installflow db init »",
    "store_older": "{db} est d'un format plus ancien : la sauvegarder, puis lancer « installflow db upgrade »",
    "store_not_a_file": "{db} n'est pas un fichier : indiquer celui d'une base avec --db",
    "store_link": "{db} est un lien qui ne mène nulle part : le refaire, ou indiquer un autre fichier avec --db",
    "store_not_a_database": "{db} n'est pas une base SQLite : indiquer un autre fichier avec --db",
    "store_foreign": "{db} est la base d'une autre application : indiquer un autre fichier avec --db",
    "store_no_folder": "le dossier de {db} n'existe pas : le créer, ou indiquer un autre fichier avec --db",
    "store_read_only": "{db} est en lecture seule : donner le droit d'écrire sur le fichier et sur son dossier",
    "store_newer": "{db} a été écrite par une version plus récente d'installflow : mettre installflow à jour",
    "store_busy": "{db} est occupée depuis trop longtemps par un autre programme : recommencer dans un instant",
    "store_full": "le disque de {db} est plein : libérer de la place, puis recommencer",
    "store_replaced": "{db} a été remplacée, déplacée ou supprimée entre-temps, rien n'est enregistré : recommencer",
    "store_damaged_command": (
        "ce que cette commande a enregistré dans {db} ne se lit plus : « installflow db check », puis restaurer une "
        "sauvegarde"
    ),
    "store_encoding": "{db} n'est pas en UTF8 : faire une base avec ENCODING 'UTF8', et l'indiquer avec --db",
    "store_schema": "{db} : un schéma dont le nom contient % ou $t$ ne convient pas, en indiquer un autre avec --db",
    "store_corrupt": "{db} est abîmée : la remplacer par sa sauvegarde",
    "store_incomplete": (
        "il manque à {db} de quoi enregistrer et lire sans erreur ({parts}) : lancer « installflow db upgrade » avec "
        "l'utilisateur à qui sont les tables, ou la remplacer par sa sauvegarde"
    ),
    "store_altered": (
        "un déclencheur ou une règle posés sur une table de {db} ont empêché d'enregistrer les événements : les "
        "enlever (« installflow db check » les nomme)"
    ),
    "store_cannot_open": "{db} ne peut pas être ouverte : vérifier son chemin et les droits d'accès",
    "store_io": "le disque de {db} n'a pas pu être lu ou écrit : le vérifier, puis recommencer",
    "store_unreachable": "{db} ne répond pas : vérifier que le serveur tourne, et son adresse",
    "store_refused": (
        "{db} refuse l'accès : vérifier l'utilisateur, son mot de passe, le nom de la base et, sur le serveur, "
        "pg_hba.conf"
    ),
    "store_ssl": (
        "le serveur de {db} et l'adresse ne s'accordent pas sur le chiffrement de la liaison : revoir sslmode dans "
        "l'adresse, ou le SSL du serveur"
    ),
    "store_full_up": (
        "le serveur de {db} n'accepte plus de connexions : en fermer, ou en permettre plus (max_connections, ou "
        "ALTER ROLE … CONNECTION LIMIT)"
    ),
    "store_service": (
        "--db nomme un service que ce poste ne connaît pas : corriger l'adresse, ou le fichier des services "
        "(~/.pg_service.conf)"
    ),
    "store_not_owner": (
        "l'utilisateur de {db} n'a pas le droit d'y créer des tables, ou n'est pas celui à qui elles appartiennent : "
        "lancer « installflow db init », ou « db upgrade », avec le propriétaire de la base ou du schéma"
    ),
    "store_timeout": (
        "{db} a mis plus de temps que ne le permet son statement_timeout, rien n'est enregistré : l'allonger pour "
        "l'utilisateur (ALTER ROLE … SET statement_timeout)"
    ),
    "store_cancelled": "un administrateur de {db} a interrompu la requête, rien n'est enregistré : recommencer",
    "store_positions_behind": (
        "la séquence des positions de {db} est en retard sur son dernier événement, rien n'est enregistré : la "
        "remettre à jour (setval, voir « Check a store » dans la documentation)"
    ),
    "store_right_missing": (
        "il manque un droit à l'utilisateur de {db} : les lui donner tous (GRANT : docs/how-to/run-on-postgresql.md)"
    ),
    "store_lost": "la liaison avec {db} s'est rompue : recommencer",
    "store_unknown_topic": "{db} contient un événement inconnu de cette version : mettre installflow à jour",
}
"""What is said of a store as a whole."""

DAMAGED_EVENT = "le dossier {order} s'arrête à son événement {version}, abîmé : les autres continuent"
EVENT_SENTENCES = {
    "store_unknown_topic": "le dossier {order} s'arrête à son événement {version}, inconnu de cette version : mettre "
    "installflow à jour ; les autres continuent",
    "store_newer_event": "le dossier {order} s'arrête à son événement {version}, écrit par une version plus récente : "
    "mettre installflow à jour ; les autres continuent",
}
WHAT_IS_WRONG = " (« installflow db check » dit ce qui ne va pas)"
"""What is said of one event that cannot be read, in a store that is sound otherwise."""

SERVER_SENTENCES = {
    "store_url": (
        "--db ne se lit pas : écrire postgresql://utilisateur@serveur/base?paramètre=valeur, où dans chaque partie, "
        "mot de passe compris, @ : / ? # = & et % s'écrivent %40 %3A %2F %3F %23 %3D %26 et %25 "
        "(?options=-csearch_path%3Dcommandes)"
    ),
    "store_foreign": "{db} a d'autres tables que les nôtres : indiquer une autre base, ou un autre schéma, avec --db",
    "store_read_only": "{db} ne peut qu'être lue : donner l'adresse du serveur qui accepte les écritures",
    "store_full": "le disque du serveur de {db} est plein : libérer de la place, puis recommencer",
    "store_io": "le serveur de {db} n'a pas pu lire ou écrire son disque : le vérifier, puis recommencer",
}
"""What is said otherwise of a server than of a file."""

EMPTY_URL = (
    "l'adresse de la base est vide (--db ou $INSTALLFLOW_DB) : écrire sqlite:///commandes.db, ou ne rien donner pour "
    "sqlite:///installflow.db"
)
STORE_FAILED = "{db} n'a pas pu être lue ou écrite ({code}) : la vérifier, puis recommencer"
OUTCOME_UNKNOWN = (
    "la liaison avec {db} s'est rompue pendant l'enregistrement, qui a pu se faire ou se fera peut-être encore : avec "
    "--command-id, relancer la même commande, elle n'est faite qu'une fois ; sans, regarder d'abord le tableau et "
    "l'historique, et encore un moment après"
)


MISSING = "store"
"""What a store that lacks parts of itself names them under, in the reasons of its error."""

KEPT = ", ce qui était demandé est enregistré"
OUTPUT_LOST = "la réponse n'a pas pu être écrite{kept} : vérifier où va la sortie (disque plein ?)"
ALERTS_UNREAD = "enregistré ; les alertes n'ont pas pu être relues : {cause}"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a command did not go through: its exit code, the error's stable code, the sentence and the reasons."""

    exit_code: int
    code: str
    sentence: str
    reasons: tuple[Reason, ...] = ()

    @classmethod
    def unexpected(cls, error: Exception, *, recorded: bool = False) -> Failure:
        """A fault of ours: a traceback is of no use to a planner."""
        sentence = (
            f"erreur inattendue ({type(error).__name__}){KEPT if recorded else ''} : la signaler ; "
            "INSTALLFLOW_DEBUG=1 devant la commande en donne le détail"
        )
        return cls(OTHER, "unexpected", sentence)

    def lines(self) -> Iterator[str]:
        """The sentence, then the reasons one a line, under their target where there is one."""
        said = _in_french if self.code == Forbidden.code else str
        yield said(self.sentence)
        target: str | None = None
        for reason in _untold(self.sentence, self.reasons):
            if reason.target and reason.target != target:
                yield f"  vers « {reason.target} » :"
            target = reason.target
            yield f"{'    ' if target else '  '}- {said(reason.sentence)}"

    def as_json(self) -> dict[str, Any]:
        """The failure under the keys of the public contract."""
        reasons = self.reasons or (Reason(self.code, self.sentence),)
        return {
            "error": self.code,
            "reasons": [{"guard": reason.guard, "sentence": reason.sentence} for reason in reasons],
        }


def _in_french(sentence: str) -> str:
    from installflow.cli.roles import in_french  # noqa: PLC0415  # it has to know the rules, which are slow to load

    return in_french(sentence)


def _untold(sentence: str, reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons the sentence does not give already, those without a target first."""
    left = [reason for reason in reasons if reason.sentence not in sentence]
    return sorted(left, key=lambda reason: (reason.target is not None, reason.target or ""))


def failure_of(error: Exception, url: str) -> Failure | None:
    """What to tell of an error; ``None`` for one nobody foresaw."""
    if isinstance(error, InstallflowError):
        told = () if isinstance(error, StoreUnavailable) else error.reasons  # what a server said is in the sentence
        reasons = tuple(replace(reason, sentence=without_password(reason.sentence)) for reason in told)
        return Failure(exit_code_of(error), error.code, without_password(sentence_of(error, url)), reasons)
    if isinstance(error, click.ClickException):
        return Failure(USAGE, "usage", without_password(_usage(error)))
    return None


def exit_code_of(error: InstallflowError) -> int:
    """The exit code of an error: that of its class, but for a wrong --db and a database that holds no store."""
    if error.code in WRONG_DB:
        return USAGE
    if error.code in NO_STORE:
        return NOT_FOUND
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), OTHER)


def alerts_unread(error: InstallflowError, url: str) -> str:
    """What to say when all is recorded but the screens could not be read again: why, and not to try again."""
    return ALERTS_UNREAD.format(cause=sentence_of(error, url).rpartition(" : ")[0] or sentence_of(error, url))


def sentence_of(error: InstallflowError, url: str) -> str:
    """What an error says to a planner, in French."""
    place = place_of(url)
    if isinstance(error, OutcomeUnknown):
        return OUTCOME_UNKNOWN.format(db=place)
    if isinstance(error, StoreUnavailable) and error.event:
        order, _, version = error.event.partition("/")
        return EVENT_SENTENCES.get(error.code, DAMAGED_EVENT).format(order=order, version=version) + WHAT_IS_WRONG
    if error.code == "store_url" and not url.strip():
        return EMPTY_URL
    server = SERVER_SENTENCES if url.startswith("postgres") else {}
    sentence = server.get(error.code) or STORE_SENTENCES.get(error.code)
    if sentence is None and isinstance(error, StoreUnavailable):
        sentence = STORE_FAILED
    if sentence is None:
        return error.sentence
    said = "".join(f" (« {one.sentence} », dit PostgreSQL)" for one in error.reasons if one.guard != MISSING)
    parts = ", ".join(one.sentence for one in error.reasons if one.guard == MISSING)
    return sentence.format(db=place, code=error.code, parts=parts) + said


def detail_of(error: BaseException) -> Iterator[str]:
    """An error in its own words and those of what caused it; nothing unless INSTALLFLOW_DEBUG asks for it."""
    cause: BaseException | None = error if os.environ.get("INSTALLFLOW_DEBUG") else None
    while cause is not None:
        yield without_password(f"{type(cause).__name__}: {cause}")
        cause = cause.__cause__


def _usage(error: click.ClickException) -> str:
    context: click.Context | None = getattr(error, "ctx", None)
    where = f" ({context.command_path} --help)" if context else ""
    return f"{_fault(error)}{where}"


def _fault(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f" ; peut-être : {', '.join(error.possibilities)}" if error.possibilities else ""
        return f"l'option {error.option_name} n'existe pas{near}"
    if isinstance(error, click.MissingParameter):
        names = [*(error.param.opts if isinstance(error.param, click.Option) else ()), _metavar(error.param)]
        return f"il manque {' '.join(filter(None, names))}"
    if isinstance(error, click.BadOptionUsage):
        return f"l'option {error.option_name} n'est pas écrite comme il faut : une valeur manque ou est de trop"
    return f"la commande n'est pas écrite comme il faut : {error.format_message()}"


def _metavar(parameter: click.Parameter | None) -> str:
    return str(parameter.metavar or parameter.name) if parameter else ""
