"""One run of the command line: the arguments in, the exit code out, whatever happens in between."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click
import rich  # noqa: F401  # asked for here, so that a missing extra is told before anything is done

from installflow.cli.commands import installflow
from installflow.cli.failures import KEPT, OTHER, OUTPUT_LOST, Failure, detail_of, failure_of
from installflow.cli.session import Session
from installflow.cli.writing import (
    OutputLost,
    open_missing_streams,
    plain_where_needed,
    silence,
    telling_lost_output,
    warn,
    write_failure,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command; a failure is told on stderr, and on stdout as well with ``--json``."""
    open_missing_streams()
    plain_where_needed()
    session = Session(json="--json" in arguments)
    try:
        with telling_lost_output():
            code = invoke(list(arguments), session, write_failure)
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us (`| head`) has seen enough: that is no fault.
        silence("stdout")
        return session.exit_code
    except OutputLost:
        silence("stdout")
        warn(OUTPUT_LOST.format(kept=KEPT if session.recorded else ""))
        return session.exit_code or OTHER
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    return code


def invoke(arguments: list[str], session: Session, tell: Callable[[Failure, Session], None]) -> int:
    """Run one command of a session; ``tell`` says why it failed."""
    session.exit_code = 0
    try:
        # Not through click's own main, which would translate a broken pipe and errors its own way.
        with installflow.make_context("installflow", arguments, obj=session) as context:
            installflow.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (BrokenPipeError, OutputLost, KeyboardInterrupt, click.Abort):
        raise
    except Exception as error:
        failure = failure_of(error, session.url)
        if failure is None:
            if os.environ.get("INSTALLFLOW_DEBUG"):
                raise
            failure = Failure.unexpected(error, recorded=session.recorded)
        else:
            warn(*detail_of(error))
        session.exit_code = failure.exit_code
        tell(failure, session)
        return failure.exit_code
    return session.exit_code
