"""Loaded by schemathesis, in the environment of the tools: writes down every call, and knows what a zip is.

A call is a line of `CALLS`: operation, status, 1 if the description does not have that answer.
"""

import os
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies

FILES = Path(os.environ["CURRICULUM"]).read_bytes()
schemathesis.openapi.media_type(
    "application/zip", strategies.sampled_from([FILES, FILES[: len(FILES) // 2]]) | strategies.binary(max_size=200)
)


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    operation = case.operation.definition.raw
    is_undocumented = (
        case.method.upper() == case.operation.method.upper() and str(response.status_code) not in operation["responses"]
    )
    with Path(os.environ["CALLS"]).open("a") as calls:
        calls.write(f"{operation['operationId']} {response.status_code} {int(is_undocumented)}\n")
