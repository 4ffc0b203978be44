"""A model's steps run in an order found once, and come to what dask comes to."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.exceptions import GraphComponentException
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.graph_runs import run_graphs_in_order
from bot.rasa_changed import RasaChanged


class _Fast(DaskGraphRunner):
    """A class of its own, so that Rasa's stays as it is in this process."""


run_graphs_in_order(_Fast)
RAN: list[str] = []


class Step(GraphComponent):
    """Joins what it is given, with its own name."""

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> Step:
        return cls(config["name"])

    def run(self, first: str = "", second: str = "") -> str:
        RAN.append(self._name)
        if "broken" in first:
            raise ValueError(first)
        return f"{self._name}({first},{second})"


def node(name: str, **needs: str) -> SchemaNode:
    return SchemaNode(
        needs=needs, uses=Step, constructor_name="create", fn="run", config={"name": name},
        eager=True, is_target=name == "d",
    )  # fmt: skip


# d needs b and c, which both need a, which needs what is given; e hangs on c and is not asked for.
NODES = {
    "e": node("e", first="c"),
    "d": node("d", first="b", second="c"),
    "b": node("b", first="a"),
    "c": node("c", first="a", second="given"),
    "a": node("a", first="given"),
}


@pytest.fixture
def runners(tmp_path: Any) -> list[DaskGraphRunner]:
    storage = LocalModelStorage(tmp_path)
    schema = GraphSchema(NODES)
    return [
        kind.create(schema, storage, ExecutionContext(schema, "m"))
        for kind in (DaskGraphRunner, _Fast)
    ]


@pytest.mark.parametrize("targets", [None, ["d"], ["e"], ["b", "e"], ["a"], ["given"]])
@pytest.mark.parametrize("inputs", [{"given": "x"}, {"given": "x", "a": "instead"}, {"given": 7}])
def test_a_run_comes_to_what_dask_comes_to_and_runs_what_is_needed_once(
    runners: list[DaskGraphRunner], targets: list[str] | None, inputs: dict[str, Any]
) -> None:
    outcomes = []
    for runner in runners * 2:  # and again, with the order remembered
        RAN.clear()
        try:
            outcome: Any = runner.run(inputs, targets)
        except GraphComponentException as error:
            outcome = str(error)
        outcomes.append((outcome, sorted(RAN)))
    assert outcomes == [outcomes[0]] * 4


def test_a_step_that_fails_fails_as_with_dask(runners: list[DaskGraphRunner]) -> None:
    messages = []
    for runner in runners:
        with pytest.raises(GraphComponentException) as raised:
            runner.run({"given": "broken"})
        assert isinstance(raised.value.__cause__, ValueError)
        messages.append(str(raised.value))
    assert messages[0] == messages[1]


def test_orders_belong_to_one_model(runners: list[DaskGraphRunner], tmp_path: Any) -> None:
    _, fast = runners
    schema = GraphSchema({"d": node("d", first="given")})
    other = _Fast.create(schema, LocalModelStorage(tmp_path), ExecutionContext(schema, "m"))
    assert fast.run({"given": "x"}) == {"d": "d(b(a(x,),),c(a(x,),x))"}
    assert other.run({"given": "x"}) == {"d": "d(x,)"}


@pytest.mark.parametrize("gone", ["run", "_build_dask_graph", "_add_inputs_to_graph"])
def test_another_rasa_is_refused(gone: str) -> None:
    class Other:
        run = DaskGraphRunner.run
        _build_dask_graph = DaskGraphRunner._build_dask_graph
        _add_inputs_to_graph = staticmethod(DaskGraphRunner._add_inputs_to_graph)

    delattr(Other, gone)
    with pytest.raises(RasaChanged, match=gone):
        run_graphs_in_order(Other)
