"""Runs the benchmarks: `runner.py FOLDER OUTPUT [PART OF A NAME ...]`.

Each in a process of its own (`runner.py --one FILE FUNCTION OUTPUT`), within one limit of time for
all together. Prints a table and writes OUTPUT, a list of `Result`s as JSON.
"""

import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

from bench import kit  # noqa: E402

TOTAL_SECONDS = 45 * 60
HEADINGS = ("name", "value", "ratio", "against", "required", "holds")


def found(folder, parts=()):
    """[(file, function name)] of the registered benchmarks, those that match `parts` if given."""
    pairs = []
    for file in sorted(Path(folder).glob("bench_*.py")):
        pairs += [(file, function.__name__) for function in _load(file)]
    return [pair for pair in pairs if not parts or any(part in pair[1] for part in parts)]


def run_all(folder, target, parts=(), total_seconds=TOTAL_SECONDS):
    """Run them one by one; returns the exit code: 1 when one failed or a requirement does not
    hold."""
    deadline = time.monotonic() + total_seconds
    results, broken = [], []
    target = Path(target)
    for file, name in found(folder, parts):
        print(f"· {name}", flush=True)
        single = target.with_suffix(".part")
        single.unlink(missing_ok=True)
        command = [sys.executable, __file__, "--one", str(file), name, str(single)]
        left = deadline - time.monotonic()
        try:
            code = subprocess.run(command, check=False, timeout=max(left, 1)).returncode
        except subprocess.TimeoutExpired:
            code = "a time-out"
        if single.is_file():
            results += [json.loads(line) for line in single.read_text().splitlines()]
            single.unlink()
        if code:
            broken.append(f"{name} ended with {code}")
    target.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    print("\n".join([*table(results), *broken]), flush=True)
    return 1 if broken or any(row["holds"] is False for row in results) else 0


def run_one(file, name, target):
    """Run the benchmark `name` in this process, appending each result as it comes."""
    function = next(each for each in _load(Path(file)) if each.__name__ == name)
    bench = kit.Bench()
    try:
        for result in function(bench):
            with open(target, "a") as handle:
                handle.write(json.dumps(result.as_dict()) + "\n")
    finally:
        bench.close()


def table(results):
    """The lines of the table, columns aligned."""
    rows = [HEADINGS, *(_cells(row) for row in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _cells(row):
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.3g} x"
    holds = {None: "", True: "yes", False: "NO"}[row["holds"]]
    measured = f"{row['value']:.4g} {row['unit']}"
    return (row["name"], measured, ratio, row["against"] or "", row["required"] or "", holds)


def _load(file):
    before = len(kit.REGISTERED)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return kit.REGISTERED[before:]


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        run_one(*sys.argv[2:])
    else:
        sys.exit(run_all(sys.argv[1], sys.argv[2], sys.argv[3:]))
