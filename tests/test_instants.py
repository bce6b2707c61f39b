"""Instants have one written form, of fixed width, so that text order is time order."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from archiver.instants import format_instant, lasting, parse_instant


def test_written_in_utc_with_six_decimals() -> None:
    paris = timezone(timedelta(hours=2))
    assert format_instant(datetime(2024, 5, 1, 0, 30, tzinfo=paris)) == (
        "2024-04-30T22:30:00.000000Z"
    )
    assert format_instant(datetime(999, 1, 1, tzinfo=UTC)) == "0999-01-01T00:00:00.000000Z"


@pytest.mark.parametrize("text", ["2024-05-01T00:30:00+02:00", "2024-04-30T22:30:00Z"])
def test_read_in_any_offset(text: str) -> None:
    assert format_instant(parse_instant(text)) == "2024-04-30T22:30:00.000000Z"


def test_without_a_time_zone_there_is_no_instant() -> None:
    with pytest.raises(ValueError, match="time zone"):
        parse_instant("2024-05-01T00:30:00")
    with pytest.raises(ValueError, match="time zone"):
        format_instant(datetime(2024, 5, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "0 s"),
        (60, "60 s"),
        (90, "2 min"),
        (600, "10 min"),
        (5400, "1 h 30"),
        (21660, "6 h 01"),
    ],
)
def test_a_duration_is_said_in_units_that_fit_it(seconds: float, said: str) -> None:
    assert lasting(seconds) == said
