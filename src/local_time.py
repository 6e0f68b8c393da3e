"""The time at the website."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from clock import Clock


class LocalTime(Protocol):
    """Says what time it is in one time zone."""

    def __call__(self, at: datetime, /) -> datetime:
        """`at` on the clock of the time zone."""
        ...


def installed_time_zone(name: str) -> LocalTime:
    """The time zone of this name, from the database that is installed."""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(name) from error
    return lambda at: at.astimezone(zone)


def get_local_time(name: str, time_zones: Callable[[str], LocalTime]) -> LocalTime:
    """The time zone that TIMEZONE names, made by `time_zones`, which raises `ValueError` if there is none.

    Raises `ConfigurationError` then.
    """
    try:
        return time_zones(name)
    except ValueError:
        raise ConfigurationError(
            "Invalid settings: TIMEZONE must be the name of a time zone, such as Europe/Berlin or "
            "America/New_York."
        ) from None


def today(clock: Clock, local_time: LocalTime) -> datetime:
    """The date and the time at the website."""
    return local_time(clock.now())
