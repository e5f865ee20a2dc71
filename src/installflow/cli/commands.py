"""The commands by name, their help in French, and the options every one of them takes, before its name or after."""

from __future__ import annotations

import difflib
import importlib
from typing import TYPE_CHECKING, Any

import click

from installflow.cli.session import Session
from installflow.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = {
    "demo": ("demo", "le tableau d'exemple de bout en bout, dans une base jetable"),
    "import": ("board_file", "un planning .csv ou .xlsx devient des événements"),
    "open": ("change", "une nouvelle commande"),
    "record": ("change", "un événement sur une ou plusieurs commandes"),
    "absent": ("absence", "un technicien absent un ou plusieurs jours"),
    "options": ("choices", "ce qui peut se passer maintenant, et pourquoi le reste ne le peut pas"),
    "today": ("today", "la liste du jour"),
    "board": ("board", "le planning"),
    "agenda": ("agenda", "les rappels (IMPER), les plus anciens d'abord"),
    "billing": ("billing", "ce qu'il y a à facturer"),
    "openip": ("openip", "les offres contractées d'OpenIP, leurs fiches produits, et ce qu'une page du portail en dit"),
    "show": ("order", "une commande en entier"),
    "history": ("order", "qui a fait quoi sur une commande, pour qui et quand"),
    "events": ("lifecycle", "les événements, leurs champs et qui peut les enregistrer"),
    "diagram": ("lifecycle", "un cycle de vie dessiné en Mermaid"),
    "follow": ("follow", "tenir les vues à jour en continu, pour que personne n'attende en les lisant"),
    "views": ("views", "où en sont les vues, ce qu'elles ont laissé de côté"),
    "rebuild": ("views", "reconstruire les vues depuis le premier événement, et dire ce qui différait"),
    "db": ("database", "préparer la base, la mettre à niveau, la vérifier"),
}
"""Each command: the module that holds it (under its name, with ``_command`` after it), and what it does."""

_HEADINGS = {"Options": "Options", "Commands": "Commandes"}


class FrenchHelp(click.HelpFormatter):
    """The help pages' few fixed words, in French."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """``Usage :`` and the command line."""
        super().write_usage(prog, args, prefix or "Usage : ")

    def write_heading(self, heading: str) -> None:
        """A heading, with the blank French puts before a colon."""
        super().write_heading(f"{_HEADINGS.get(heading, heading)} ")


class FrenchContext(click.Context):
    """A context whose help is in French."""

    formatter_class = FrenchHelp


def _said_by(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    """Keep what an option says in the session: the last place it stands in wins."""

    def keep(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value or (name == "db" and value is not None):
            setattr(context.find_object(Session), name, value)

    return keep


def everywhere() -> list[click.Parameter]:
    """The options that stand before or after the command's name."""
    kept: dict[str, Any] = {"expose_value": False}
    return [
        click.Option(
            ["--db"], metavar="URL", callback=_said_by("db"), **kept,
            help="la base ; sinon $INSTALLFLOW_DB, sinon sqlite:///installflow.db",
        ),
        click.Option(["--by"], metavar="NOM", callback=_said_by("by"), **kept, help="qui agit ; sinon $INSTALLFLOW_BY"),
        click.Option(
            ["--role"], metavar="RÔLE", callback=_said_by("role"), **kept,
            help="dans quel rôle (planner, project_manager…) ; sinon $INSTALLFLOW_ROLE",
        ),
        click.Option(
            ["--policies"], metavar="MODULE:NOM", callback=_said_by("policies"), **kept,
            help="les politiques de l'application (séparées par « , ») ; sinon $INSTALLFLOW_POLICIES",
        ),
        click.Option(["--json"], is_flag=True, callback=_said_by("json"), **kept, help="la réponse en JSON"),
        click.Option(
            ["-h", "--help"], is_flag=True, is_eager=True, callback=_show_help, **kept, help="cette page",
        ),
    ]  # fmt: skip


def _show_help(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:  # noqa: FBT001  # click's own signature
    if asked:
        click.echo(context.get_help())
        context.exit()


def _refuse_twice(command: click.Command, ctx: click.Context, args: list[str]) -> None:
    """Raise `Invalid` for an option given twice that takes one value: click would keep the last without a word."""
    _, _, given = command.make_parser(ctx).parse_args(list(args))
    for one in given:
        if isinstance(one, click.Option) and not (one.is_flag or one.multiple) and given.count(one) > 1:
            msg = f"{one.opts[0]} est donné deux fois : n'en garder qu'un ({ctx.command_path} --help)"
            raise Invalid(msg, code="usage")


class Spoken(click.Command):
    """A command whose page is in French and which takes the options of `everywhere`."""

    context_class = FrenchContext

    def __init__(self, name: str, params: list[click.Parameter] | None = None, **options: Any) -> None:
        super().__init__(name, params=[*(params or []), *everywhere()], **options | {"add_help_option": False})
        self.allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and refuse in French what is left over."""
        _refuse_twice(self, ctx, args)
        left = super().parse_args(ctx, args)
        if left:
            msg = f"« {left[0][:80]} » est de trop ({ctx.command_path} --help)"
            raise Invalid(msg, code="usage")
        return left


class Family(click.Group):
    """Commands under one name (``db init``, ``db check``…): each takes the options of `everywhere` too."""

    context_class = FrenchContext

    def __init__(self, name: str, params: list[click.Parameter] | None = None, **options: Any) -> None:
        super().__init__(
            name, invoke_without_command=True, add_help_option=False, params=[*(params or []), *everywhere()],
            options_metavar="[OPTIONS]", subcommand_metavar="COMMANDE [ARGUMENTS]...", **{"callback": _page, **options},
        )  # fmt: skip

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what stands before the command's name."""
        _refuse_twice(self, ctx, args)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's own signature
        """Every command, in the order they were declared."""
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command named; `Invalid` with the nearest names for one that does not exist."""
        if args[0] not in self.commands:
            near = difflib.get_close_matches(args[0], self.commands, n=1, cutoff=0.5) or list(self.commands)
            msg = f"« {args[0][:80]} » n'est pas une commande de {ctx.command_path} ; au choix : {', '.join(near)}"
            raise Invalid(msg, code="usage")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, each with its whole line."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.short_help or "") for name, one in self.commands.items()])

    def declare(self, name: str, words: str, more: str = "") -> Callable[[Callable[..., Any]], click.Command]:
        """Declare one of its commands: what it does in a line, and what its page says after that."""
        page = _page_of(words, more)
        return self.command(name, cls=Spoken, help=page, short_help=words, options_metavar="[OPTIONS]")


class Installflow(click.Group):
    """The commands; each one's module is loaded when it is called."""

    context_class = FrenchContext

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what stands before the command's name."""
        _refuse_twice(self, ctx, args)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's own signature
        """Every command, in the order of the day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """One command, from its module."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"installflow.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command named; `Invalid` with the nearest names for one that does not exist."""
        if args[0] not in COMMANDS:
            near = difflib.get_close_matches(args[0], COMMANDS, n=3, cutoff=0.5) or list(COMMANDS)
            msg = f"« {args[0][:80]} » n'est pas une commande ; peut-être : {', '.join(near)} (installflow --help)"
            raise Invalid(msg, code="usage")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without loading any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


def command(name: str, words: str = "") -> Callable[[Callable[..., Any]], click.Command]:
    """Declare a command: its French page begins with its line in `COMMANDS`, ``words`` follow."""
    page = _page_of(COMMANDS[name][1], words)
    return click.command(name, cls=Spoken, help=page, options_metavar="[OPTIONS]")


def family(name: str, words: str = "") -> Family:
    """Declare a family of commands, its page begun as that of a `command`."""
    return Family(name, help=_page_of(COMMANDS[name][1], words))


def screen_with_commands(name: str, words: str = "") -> Callable[[Callable[..., Any]], Family]:
    """Declare a command that does something by itself, and has others under its name."""

    def declare(function: Callable[..., Any]) -> Family:
        plain = click.command(name)(function)
        return Family(name, plain.params, callback=plain.callback, help=_page_of(COMMANDS[name][1], words))

    return declare


def _page_of(first: str, more: str) -> str:
    return f"{first[0].upper()}{first[1:]}." + (f"\n\n{more}" if more else "")


def _version(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:  # noqa: FBT001
    if asked:
        from importlib.metadata import version  # noqa: PLC0415  # it takes a while and nobody else needs it

        click.echo(f"installflow {version('installflow')}")
        context.exit()


@click.pass_context
def _page(context: click.Context) -> None:
    """Without a command: the page, and the exit code of a wrong use."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
        context.exit(2)


installflow = Installflow(
    "installflow",
    callback=_page,
    invoke_without_command=True,
    add_help_option=False,
    options_metavar="[OPTIONS]",
    subcommand_metavar="COMMANDE [ARGUMENTS]...",
    help=(
        "Le planning des installations, de la commande du partenaire à la facture.\n\n"
        "« installflow COMMANDE --help » dit le détail de chacune. Une commande d'installation se désigne par "
        "son identifiant (ou son début), sa référence, ou le nom de son client quand lui seul le porte."
    ),
    params=[
        *everywhere(),
        click.Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help="la version"
        ),
    ],
)
