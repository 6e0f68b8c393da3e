"""Checked access to the fields of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from local.standin.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


def field(body: Mapping[str, Any], name: str, kind: type[T], default: T | None = None) -> T:
    """The value of `name` in `body`, or `default` if it is missing or null.

    Raises `ApiError` 400 if it is missing without a default, or not of type `kind`.
    """
    value = body.get(name)
    if value is None:
        if default is None:
            raise missing(name)
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        message = f"Invalid type for '{name}': expected {kind.__name__}, got {type(value).__name__}."
        raise ApiError(400, message, param=name, code="invalid_type")
    return value


def missing(name: str) -> ApiError:
    """The error for a required field that was not sent."""
    return ApiError(
        400, f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter"
    )
