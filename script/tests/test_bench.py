"""``script/bench``: what it makes of figures, what processes cost, and how it says no."""

import os
import time

from benchmarks import cost, results
from benchmarks.visitor import Page


def test_the_ratio_is_the_median_of_each_rounds_own():
    rounds = [(1.0, 2.0), (10.0, 50.0), (4.0, 12.0)]
    found = results.compared("page", "time", "ms", rounds, promise="2 x floor", keeps=lambda _, ratio: ratio <= 2)
    assert (found.floor, found.ours, found.ratio, found.within) == (4.0, 12.0, 3.0, False)


def test_the_table_says_what_is_kept_missed_and_promised_nowhere():
    rounds = [(2.0, 1234.5)]
    kept = results.compared("page", "SQL", "", rounds, promise="6", keeps=lambda *_: True)
    missed = results.compared("page", "time", "ms", rounds, promise="1", keeps=lambda *_: False)
    bare = results.compared("page", "requests", "", rounds)
    lines = results.table([kept, missed, bare]).splitlines()[2:]
    assert [line.split()[-1] for line in lines] == ["kept", "MISSED", "617.25"]
    assert "time, ms" in lines[1]
    assert "1,234" in lines[1]


def test_processor_time_and_memory_include_children_that_have_ended():
    before = cost.cpu_seconds([os.getpid()])
    child = os.fork()
    if not child:
        ends = time.process_time() + 0.2
        while time.process_time() < ends:
            pass
        os._exit(0)
    os.waitpid(child, 0)
    assert 0.1 < cost.cpu_seconds([os.getpid()]) - before < 5
    assert cost.memory_mib([os.getpid()]) > 1


def test_hidden_fields_are_read_as_a_browser_would():
    page = Page(200, "", '<input type="hidden" name="a" value="1 &amp; 2"><input type="hidden" name="b" value="">')
    assert page.hidden == {"a": "1 & 2", "b": ""}


def test_an_unknown_benchmark_is_refused_with_the_names_there_are(command):
    bench = command("bench", "nonsense")
    assert bench.end() == 2
    assert "course-page" in bench.said
    assert "nonsense" in bench.said
