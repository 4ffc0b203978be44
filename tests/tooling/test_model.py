"""A model is retrained exactly when what shapes it changes."""

from pathlib import Path

import pytest

from tooling.model import model_hash
from tooling.say import CannotGoOn


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("bot/data/nlu/greet.yml", "bot/components/values.py", "bot/requirements.lock"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    for name in ("config.yml", "domain.yml"):
        (tmp_path / name).write_text(name)
    return tmp_path


SOURCES = (
    "bot/data/nlu/greet.yml",
    "bot/data/new.yml",
    "bot/components/values.py",
    "bot/requirements.lock",
    "config.yml",
    "domain.yml",
)


@pytest.mark.parametrize("name", SOURCES)
def test_any_change_to_what_shapes_a_model_changes_its_hash(project: Path, name: str) -> None:
    before = model_hash(project)
    (project / name).write_text("changed")
    assert model_hash(project) != before


def test_a_moved_file_changes_the_hash(project: Path) -> None:
    before = model_hash(project)
    (project / "bot/data/nlu/greet.yml").rename(project / "bot/data/nlu/hello.yml")
    assert model_hash(project) != before


def test_what_running_leaves_behind_changes_nothing(project: Path) -> None:
    before = model_hash(project)
    (project / "bot/components/__pycache__").mkdir()
    (project / "bot/components/__pycache__/values.cpython-310.pyc").write_bytes(b"\0")
    (project / "bot/actions").mkdir()
    (project / "bot/actions/offers.py").write_text("actions run outside the model")
    assert model_hash(project) == before


def test_a_missing_part_is_named(project: Path) -> None:
    (project / "domain.yml").unlink()
    with pytest.raises(CannotGoOn, match=r"domain\.yml is missing"):
        model_hash(project)
