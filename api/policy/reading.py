"""Read YAML so that nothing is lost silently: a key written twice is an error, not the last one wins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from api.policy.errors import PolicyInvalid

__all__ = ["read_strict_yaml"]


class _OnceOnly(yaml.SafeLoader):
    """YAML's safe subset, in which every key of a mapping stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a repeated key, then build the mapping as usual."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                msg = f"line {key_node.start_mark.line + 1}: {key!r} is written twice"
                raise PolicyInvalid(msg)
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_strict_yaml(file: Path) -> object:
    """Return the content of a YAML file; raises ``PolicyInvalid`` when it cannot be read exactly."""
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_OnceOnly)  # noqa: S506 - safe subset
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        msg = f"{file.name}: not readable: {error}"
        raise PolicyInvalid(msg) from error
    except PolicyInvalid as error:
        msg = f"{file.name}: {error}"
        raise PolicyInvalid(msg) from error
