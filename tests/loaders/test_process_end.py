"""A process that used several libraries ends well."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_SCRIPT = """
import atexit, os, sys, threading

cpus = os.sched_getaffinity(0)
workers = set()


def schedule(policy, cpus):
    os.sched_setaffinity(0, cpus)
    for worker in workers:
        os.sched_setaffinity(worker, cpus)
        os.sched_setscheduler(worker, policy, os.sched_param(0))


def release_workers():
    schedule(os.SCHED_OTHER, cpus)
    sum(range(1_000_000))


atexit.register(release_workers)

import readouts

corpus = readouts.load()
corpus.statements
corpus.to_polars("statements").rows()
for _ in range(10):
    corpus.to_arrow("statements").to_pylist()
corpus.rows("statements")
slow_to_free = [[number] for number in range(2_000_000)]
workers |= {int(thread) for thread in os.listdir("/proc/self/task")} - {threading.get_native_id()}
sys.setswitchinterval(0.3)
schedule(os.SCHED_IDLE, {min(cpus)})
corpus.to_arrow("events")
"""
"""Holds the libraries' threads back until Python ends, so that what they still do then happens in most runs."""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="threads can be held back on Linux only")
def test_a_process_that_used_every_library_ends_without_an_abort() -> None:
    for _ in range(10):
        done = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=False, timeout=120)
        assert (done.returncode, done.stderr) == (0, "")
