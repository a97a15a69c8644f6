"""Days that no calendar needs are wrong usage, not a failure."""

import pytest

from dashboard.cli.app import main


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_beyond_every_calendar_is_wrong_usage(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["figures", "--as-of", day])
    assert (ended.value.code, day in capsys.readouterr().err) == (2, True)
