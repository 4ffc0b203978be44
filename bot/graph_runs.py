"""Rasa runs a model's steps in an order found once, instead of planning each run anew.

Rasa 3.6 hands every message, and every prediction, to dask: for each it works out again which steps are
needed and in which order, plans them for threads that it does not use, and writes message and tracker into
a line of a log that nobody keeps. This was a twelfth of what Rasa does in a turn. The steps and their order
depend on what is asked for only.

To be removed when Rasa mends it (``rasa.engine.runner.dask.DaskGraphRunner``).
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

from bot.rasa_changed import require_methods

__all__ = ["run_graphs_in_order"]

_PARTS = ("run", "_build_dask_graph", "_add_inputs_to_graph")


def run_graphs_in_order(runner: type = DaskGraphRunner) -> None:
    """Have ``runner`` run its nodes one after another in an order it remembers; twice changes nothing.

    Raises:
        RasaChanged: ``runner`` does not plan its runs like this (another version of Rasa).
    """
    advice = "see bot/graph_runs.py, and delete it if this Rasa plans its runs once."
    require_methods(runner, _PARTS, advice)
    runner.run = _run


def _run(
    self: Any, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Return what each target came to; nodes get what others gave, or ``inputs`` of that name."""
    wanted = tuple(targets or self._graph_schema.target_names)
    orders: dict[tuple[str, ...], list[tuple[str, list[str]]]] = self.__dict__.setdefault(
        "_orders", {}
    )
    if wanted not in orders:
        orders[wanted] = _in_order(self._graph_schema.minimal_graph_schema(list(wanted)))
    results = {name: (name, value) for name, value in (inputs or {}).items()}
    for name, needs in orders[wanted]:
        if name not in results:
            given = (results.get(need, need) for need in needs)
            results[name] = self._instantiated_nodes[name](*given)
    return dict(results[name] for name in wanted)


def _in_order(schema: GraphSchema) -> list[tuple[str, list[str]]]:
    """Return each node with what it needs, so that whatever is needed comes first."""
    needs = {name: list(node.needs.values()) for name, node in schema.nodes.items()}
    return [
        (name, needs[name]) for name in TopologicalSorter(needs).static_order() if name in needs
    ]
