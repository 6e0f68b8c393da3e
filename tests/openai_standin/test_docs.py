"""The page about the stand-in says what it can do."""

from __future__ import annotations

import json
import re
from pathlib import Path

from local.standin.faults import Behaviour

PAGE = Path(__file__).parents[2].joinpath("docs", "openai-standin.md").read_text(encoding="utf-8")


def test_every_field_of_a_behaviour_is_told() -> None:
    assert set(re.findall(r"`(\w+)`", PAGE)) >= set(Behaviour.model_fields)


def test_the_examples_are_behaviours() -> None:
    examples = re.findall(r"behaviour -d '(.+)'", PAGE)
    assert len(examples) == 3
    for example in examples:
        Behaviour.model_validate(json.loads(example))
