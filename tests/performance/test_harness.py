"""The harness gives contenders equal turns and says plainly when a target was missed."""

from contextlib import contextmanager

import pytest

from tests.performance.harness import Bench, Sample, Target, run, table


def bench(turns: list[str], **options) -> Bench:
    def contender(name: str, value: float):
        def measure() -> Sample:
            turns.append(name)
            return Sample(value, {"MB": 40})

        return measure

    @contextmanager
    def contenders():
        yield {"ours": contender("ours", 30.0), "theirs": contender("theirs", 10.0)}
        turns.append("cleaned up")

    return Bench("Sorting post", "letters/s", "theirs", contenders, rounds=3, **options)


def test_contenders_take_turns_and_swap_sides():
    turns: list[str] = []
    run(bench(turns, warms_up=False), tell=lambda line: None)

    assert turns == ["ours", "theirs", "theirs", "ours", "ours", "theirs", "cleaned up"]


def test_a_warm_up_does_not_count():
    report = run(bench([]), tell=lambda line: None)

    assert report["contenders"]["ours"]["values"] == [30.0, 30.0, 30.0]
    assert report["contenders"]["ours"]["ratio"] == {"median": 3.0, "low": 3.0, "high": 3.0}


@pytest.mark.parametrize(("ratio", "is_rate", "is_met"), [(2.9, True, True), (3.1, True, False), (3.1, False, True)])
def test_a_target_is_met_or_missed(ratio, is_rate, is_met):
    report = run(bench([], targets=(Target("ours", "theirs", ratio),), is_rate=is_rate), tell=lambda line: None)

    assert [target["is_met"] for target in report["targets"]] == [is_met]
    assert ("MISSED" in table({"post": report})) is not is_met


def test_the_table_is_markdown():
    lines = table({"post": run(bench([]), tell=lambda line: None)}).splitlines()

    assert lines[:6] == [
        "### Sorting post",
        "",
        "| | letters/s | against theirs | 95 % | MB |",
        "|---|---:|---:|---:|---:|",
        "| ours | 30.0 | 3.00× | 3.00–3.00 | 40.0 |",
        "| theirs | 10.0 | 1.00× | 1.00–1.00 | 40.0 |",
    ]
