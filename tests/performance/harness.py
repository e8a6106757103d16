"""How benches are written, run and reported.

A bench module of this package has a `BENCH`. Its contenders do the same work and each return how fast it went; they
take turns, first A B C then C B A, so that a machine that warms up or is disturbed treats all alike. Only ratios
between contenders of one run mean anything; the numbers themselves belong to the machine.
"""

import os
import platform
import random
import statistics
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple


class Sample(NamedTuple):
    """One measurement: the value in the bench's unit, and what else was seen, such as memory in MB."""

    value: float
    facts: Mapping[str, float] = {}


Contender = Callable[[], float | Sample]


class Target(NamedTuple):
    """`contender` over `reference` must be at least (rates) or at most (durations, sizes) this."""

    contender: str
    reference: str
    ratio: float


@dataclass(frozen=True)
class Bench:
    """`contenders` prepares the field, verifies that all do equal work, and cleans up after itself."""

    title: str
    unit: str
    reference: str
    contenders: Callable[[], AbstractContextManager[Mapping[str, Contender]]]
    targets: tuple[Target, ...] = ()
    is_rate: bool = True
    rounds: int = 5
    warms_up: bool = True
    notes: tuple[str, ...] = field(default=())


def run(bench: Bench, *, rounds: int | None = None, tell: Callable[[str], None] = print) -> dict[str, Any]:
    """Measures; returns the report as it goes into the JSON file."""
    with bench.contenders() as contenders:
        for name, measure in contenders.items() if bench.warms_up else ():
            tell(f"  warming up {name}")
            measure()
        samples = _take_turns(contenders, rounds or bench.rounds, tell)
    return _report(bench, samples)


def _take_turns(
    contenders: Mapping[str, Contender], rounds: int, tell: Callable[[str], None]
) -> dict[str, list[Sample]]:
    samples: dict[str, list[Sample]] = {name: [] for name in contenders}
    for number in range(rounds):
        names = list(contenders) if number % 2 == 0 else list(reversed(contenders))
        for name in names:
            result = contenders[name]()
            samples[name].append(result if isinstance(result, Sample) else Sample(result))
        tell(f"  round {number + 1} of {rounds}: " + ", ".join(f"{n} {s[-1].value:,.4g}" for n, s in samples.items()))
    return samples


def _report(bench: Bench, samples: Mapping[str, list[Sample]]) -> dict[str, Any]:
    return {
        "title": bench.title,
        "unit": bench.unit,
        "reference": bench.reference,
        "is_rate": bench.is_rate,
        "notes": list(bench.notes),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "contenders": {name: _contender(taken, samples[bench.reference]) for name, taken in samples.items()},
        "targets": [_verdict(target, samples, is_rate=bench.is_rate) for target in bench.targets],
    }


def _contender(samples: list[Sample], reference: list[Sample]) -> dict[str, Any]:
    values = [sample.value for sample in samples]
    facts = {name: statistics.median(sample.facts[name] for sample in samples) for name in samples[0].facts}
    return {
        "median": statistics.median(values),
        "values": values,
        "facts": facts,
        "ratio": compare(samples, reference),
    }


def _verdict(target: Target, samples: Mapping[str, list[Sample]], *, is_rate: bool) -> dict[str, Any]:
    ratio = compare(samples[target.contender], samples[target.reference])
    is_met = ratio["median"] >= target.ratio if is_rate else ratio["median"] <= target.ratio
    return {**target._asdict(), "measured": ratio, "is_met": is_met}


def compare(samples: list[Sample], reference: list[Sample]) -> dict[str, float]:
    """The median of the rounds' own ratios, and where it would lie in 95 of 100 runs like this one (bootstrap)."""
    ratios = [ours.value / theirs.value for ours, theirs in zip(samples, reference, strict=True)]
    chance = random.Random(90)
    medians = sorted(statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(2000))
    return {"median": statistics.median(ratios), "low": medians[50], "high": medians[1949]}


def machine() -> dict[str, Any]:
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def table(reports: Mapping[str, Mapping[str, Any]]) -> str:
    """All reports as Markdown."""
    return "\n".join(line for name, report in sorted(reports.items()) for line in _section(name, report))


def _section(name: str, report: Mapping[str, Any]) -> list[str]:
    facts = sorted({fact for contender in report["contenders"].values() for fact in contender["facts"]})
    lines = [f"### {report['title']}", "", *(f"{note}\n" for note in report["notes"])]
    lines += [" | ".join(["|", report["unit"], f"against {report['reference']}", "95 %", *facts, ""]).strip()]
    lines += ["|---" + "|---:" * (3 + len(facts)) + "|"]
    for contender, result in report["contenders"].items():
        ratio = result["ratio"]
        cells = [contender, _number(result["median"]), f"{_number(ratio['median'])}×"]
        cells += [f"{_number(ratio['low'])}–{_number(ratio['high'])}"]
        cells += [_number(result["facts"][fact]) if fact in result["facts"] else "" for fact in facts]
        lines.append(f"| {' | '.join(cells)} |")
    targets = [_target_line(target, report) for target in report["targets"]]
    return [*lines, "", *targets, f"`{name}`, {_when(report)}", ""]


def _target_line(target: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    bound = "at least" if report["is_rate"] else "at most"
    verdict = "met" if target["is_met"] else "MISSED"
    measured = _number(target["measured"]["median"])
    return (
        f"- {target['contender']} against {target['reference']}: {bound} {_number(target['ratio'])}×, "
        f"measured {measured}×: {verdict}\n"
    )


def _when(report: Mapping[str, Any]) -> str:
    machine_ = report["machine"]
    return f"{report['measured_at'][:10]}, {machine_['cores']} cores, Python {machine_['python']}"


def _number(value: float) -> str:
    """Three significant digits, no exponent."""
    if value == 0:
        return "0"
    digits = max(0, 2 - int(f"{abs(value):e}".partition("e")[2]))
    return f"{value:,.{digits}f}"
