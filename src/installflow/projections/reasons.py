"""Why a view could not follow an aggregate: kept in a few words, and told to people."""

from __future__ import annotations

from installflow.errors import InstallflowError, StoreUnavailable

BETWEEN = ": "
"""Stands between an error's code and its sentence."""

TOLD = {
    "store_damaged_event": "un de ses événements est abîmé",
    "store_unknown_topic": "un de ses événements est inconnu de cette version : mettre installflow à jour",
    "store_newer_event": "un de ses événements vient d'une version plus récente : mettre installflow à jour",
}


def reason_of(error: Exception) -> str:
    """Why, without the values that were read: they may name people."""
    if isinstance(error, StoreUnavailable):
        return f"{error.code}{BETWEEN}{error}"
    return str(error) if isinstance(error, InstallflowError) else type(error).__name__


def reason_told(reason: str) -> str:
    """What `reason_of` answered, in French."""
    told = TOLD.get(reason.partition(BETWEEN)[0])
    if told is None and reason.isidentifier():
        return f"erreur inattendue : {reason}"
    return told or reason
