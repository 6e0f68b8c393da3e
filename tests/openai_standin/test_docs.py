"""docs/openai-standin.md matches the code."""

from __future__ import annotations

import json
import re
from pathlib import Path

from local.standin import Behaviour

PAGE = Path(__file__).parents[2].joinpath("docs", "openai-standin.md").read_text(encoding="utf-8")


def test_every_field_of_a_behaviour_is_documented() -> None:
    assert set(re.findall(r"`(\w+)`", PAGE)) >= set(Behaviour.model_fields)


def test_examples_are_valid_behaviours() -> None:
    examples = re.findall(r"behaviour -d '(.+)'", PAGE)
    assert len(examples) == 3
    for example in examples:
        Behaviour.model_validate(json.loads(example))
