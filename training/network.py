"""The network: 24 bands -> dense layer -> GRU -> the probability that somebody spoke 40 ms ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np

from training.features import BANDS

if TYPE_CHECKING:
    from numpy.random import Generator

Weights = dict[str, jax.Array]

DENSE, UNITS = 24, 36
# Frames that the network hears before it decides about one.
LOOKAHEAD = 2
# A weight is one printable character: 93 steps. The size of a step is a power of two in quarters.
LIMIT = 46
QUARTERS = 4


def initial(dice: Generator) -> Weights:
    """Random weights."""

    def normal(rows: int, columns: int) -> jax.Array:
        return jnp.array(dice.standard_normal((rows, columns)) / np.sqrt(columns), jnp.float32)

    return {
        "dense": normal(DENSE, BANDS + 1),
        "input": normal(3 * UNITS, DENSE + 1),
        "state": normal(3 * UNITS, UNITS),
        "output": normal(1, UNITS + 1),
    }


def scales(matrix: jax.Array) -> jax.Array:
    """How much one step is in each row."""
    least = jnp.max(jnp.abs(matrix), axis=1, keepdims=True) / LIMIT
    return jax.lax.stop_gradient(2 ** (jnp.ceil(QUARTERS * jnp.log2(least)) / QUARTERS))


def rounded(weights: Weights) -> Weights:
    """The weights as they are shipped; gradients pass as if they were not rounded."""

    def one(matrix: jax.Array) -> jax.Array:
        step = scales(matrix)
        return matrix + jax.lax.stop_gradient(jnp.round(matrix / step) * step - matrix)

    return {name: one(matrix) for name, matrix in weights.items()}


def _affine(matrix: jax.Array, given: jax.Array) -> jax.Array:
    return given @ matrix[:, :-1].T + matrix[:, -1]


def logits(weights: Weights, given: jax.Array) -> jax.Array:
    """From (streams, frames, bands) to (streams, frames)."""
    inputs = _affine(weights["input"], jnp.tanh(_affine(weights["dense"], given)))

    def step(state: jax.Array, at: jax.Array) -> tuple[jax.Array, jax.Array]:
        carried = state @ weights["state"].T
        gates = jax.nn.sigmoid(at[:, : 2 * UNITS] + carried[:, : 2 * UNITS])
        keep, reset = gates[:, :UNITS], gates[:, UNITS:]
        new = jnp.tanh(at[:, 2 * UNITS :] + reset * carried[:, 2 * UNITS :])
        state = keep * state + (1 - keep) * new
        return state, state

    start = jnp.zeros((given.shape[0], UNITS))
    _, states = jax.lax.scan(step, start, inputs.transpose(1, 0, 2))
    return _affine(weights["output"], states)[:, :, 0].T
