"""The benchmarks' runner, on benchmarks made up for it."""

import json
from pathlib import Path
from textwrap import dedent

import pytest

from bench import kit, runner

GOOD = """
    from bench.kit import Result, benchmark

    @benchmark
    def sorting(bench):
        fast = bench.median(lambda: sorted(range(1000)))
        yield bench.at_least("sorting", fast, "s", 2, ratio=3.0, against="bubble sort")
        yield Result("just to know", 7, "rows")
"""
SLOW = """
    from bench.kit import benchmark

    @benchmark
    def opening(bench):
        yield bench.at_most("opening", 900, "ms", 500)
"""
BROKEN = """
    from bench.kit import benchmark

    @benchmark
    def breaking(bench):
        yield bench.at_most("before it broke", 1, "ms", 500)
        raise ValueError("on purpose")
"""


@pytest.fixture
def measure(tmp_path, capfd):
    """`measure(source, ...)` runs these benchmarks: exit code, results, what was printed."""

    def run(*sources, parts=(), **options):
        for number, source in enumerate(sources):
            (tmp_path / f"bench_{number}.py").write_text(dedent(source))
        target = tmp_path / "bench.json"
        code = runner.run_all(tmp_path, target, parts, **options)
        return code, json.loads(target.read_text()), capfd.readouterr().out

    return run


def test_results_are_printed_and_written(measure):
    code, results, printed = measure(GOOD)
    assert code == 0
    assert [row["name"] for row in results] == ["sorting", "just to know"]
    assert set(results[0]) == {
        *("name", "value", "unit", "ratio", "against", "required", "holds"),
    }
    assert (results[0]["required"], results[0]["holds"]) == ("≥ 2", True)
    assert (results[1]["required"], results[1]["holds"]) == (None, None)
    assert "bubble sort" in printed


def test_a_requirement_that_does_not_hold_shows(measure):
    code, results, printed = measure(GOOD, SLOW)
    assert code == 1
    assert [row["holds"] for row in results] == [True, None, False]
    assert "NO" in printed


def test_a_broken_benchmark_fails_but_stops_no_other(measure):
    code, results, printed = measure(BROKEN, GOOD)
    assert code == 1
    assert [row["name"] for row in results] == ["before it broke", "sorting", "just to know"]
    assert "breaking ended with 1" in printed


def test_benchmarks_are_chosen_by_name(measure):
    code, results, _printed = measure(GOOD, SLOW, parts=["open"])
    assert code == 1
    assert [row["name"] for row in results] == ["opening"]


def test_too_long_is_a_failure(measure):
    sleepy = GOOD.replace("fast =", "import time; time.sleep(60); fast =")
    code, results, printed = measure(sleepy, total_seconds=2)
    assert (code, results) == (1, [])
    assert "sorting ended with a time-out" in printed


def test_memory_growth_is_the_peak_above_the_start():
    with kit.Bench().memory() as memory:
        held = bytearray(64 * 1024 * 1024)
        held[::4096] = b"x" * len(held[::4096])
        del held
    assert 60 < memory.growth_mb < 90


def test_a_benchmark_gets_an_environment_on_its_own_database(measure, serving):
    source = """
        from bench.kit import Result, benchmark

        @benchmark
        def counting(bench):
            with bench.environment(bench.database()) as env:
                yield Result("users", env["res.users"].search_count([]), "users")
                yield Result(env.cr.dbname, 1, "database")
    """
    code, results, _printed = measure(source)
    assert code == 0
    assert results[0]["value"] >= 1
    from suite import databases

    assert not databases.exists(results[1]["name"])


def test_the_real_benchmarks_can_be_loaded():
    names = [name for _file, name in runner.found(Path(runner.__file__).parent)]
    assert len(names) == len(set(names))
