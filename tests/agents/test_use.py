"""What a model is told of a tool."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from langchain_core.utils.function_calling import convert_to_openai_tool

from jupyter_aichat.agents.registry import Registry
from jupyter_aichat.agents.spec import ToolSpec
from jupyter_aichat.agents.use import ToolUse, as_tool


async def example(
    use: ToolUse,
    path: Annotated[str, "Where it is."],
    *,
    mode: Annotated[Literal["fast", "slow"], "How."] = "fast",
) -> str:
    """Do it."""
    return f"{path} {mode}"


def schema(spec: ToolSpec) -> dict[str, Any]:
    """The tool in OpenAI's form."""
    function: dict[str, Any] = convert_to_openai_tool(as_tool(spec))["function"]
    return function


def test_a_schema_is_made_from_annotations() -> None:
    """Name, description, and every parameter but the use, with its own description."""
    assert schema(ToolSpec("example", "It does it.", example)) == {
        "name": "example",
        "description": "It does it.",
        "parameters": {
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": "Where it is."},
                "mode": {
                    "type": "string",
                    "enum": ["fast", "slow"],
                    "default": "fast",
                    "description": "How.",
                },
            },
            "required": ["path"],
        },
    }


@pytest.mark.parametrize(
    "name", ["list_files", "read_file", "read_notebook", "profile_table", "analyse_table"]
)
def test_the_built_in_tools_describe_every_parameter(name: str, registry: Registry) -> None:
    """A model has nothing else to go by; what is injected is not shown to it."""
    told = schema(registry.tools[name])
    assert len(told["description"]) > 100
    assert "runtime" not in told["parameters"]["properties"]
    for parameter in told["parameters"]["properties"].values():
        assert len(parameter["description"]) > 10
