"""Training itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import jax
import numpy as np
import optax

from training.network import LOOKAHEAD, Weights, initial, logits, rounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.features import Frames

BATCH, RATE, REPORT = 32, 5e-3, 100
# One in so many streams is not learned from.
HELD_OUT = 20
# Levels differ by up to this much more, in features: 5 dB.
JITTER = 0.25


@dataclass(frozen=True)
class Progress:
    """The loss of the last batch, and of the streams that are not learned from."""

    step: int
    loss: float
    held_out: float


def train(
    heard: Frames, wanted: Frames, steps: int, seed: int, report: Callable[[Progress], None]
) -> Weights:
    """Return the weights after so many steps, rounded as they are shipped."""
    dice = np.random.default_rng(seed)
    delayed = np.pad(wanted, ((0, 0), (LOOKAHEAD, 0)))[:, : wanted.shape[1]]
    kept = np.arange(len(heard)) % HELD_OUT > 0
    weights = initial(dice)
    optimizer = optax.chain(
        optax.clip_by_global_norm(1.0), optax.adam(optax.cosine_decay_schedule(RATE, steps))
    )
    state = optimizer.init(weights)

    @jax.jit
    def loss(weights: Weights, given: jax.Array, right: jax.Array) -> jax.Array:
        return optax.sigmoid_binary_cross_entropy(logits(rounded(weights), given), right).mean()

    @jax.jit
    def learn(
        weights: Weights, state: optax.OptState, given: jax.Array, right: jax.Array
    ) -> tuple[Weights, optax.OptState, jax.Array]:
        value, slope = jax.value_and_grad(loss)(weights, given, right)
        change, state = optimizer.update(slope, state)
        return optax.apply_updates(weights, change), state, value

    for step in range(1, steps + 1):
        some = dice.choice(np.flatnonzero(kept), BATCH)
        given = heard[some] + dice.uniform(-JITTER, JITTER, (BATCH, 1, 1)).astype(np.float32)
        weights, state, value = learn(weights, state, given, delayed[some])
        if step % REPORT == 0 or step == steps:
            report(Progress(step, float(value), float(loss(weights, heard[~kept], delayed[~kept]))))
    return rounded(weights)
