"""A standalone cluster of Spark on this machine: a master and workers of one core each, which only it can reach."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SETTINGS", "Cluster", "standalone"]

SETTINGS = "spark.driver.host 127.0.0.1\nspark.driver.bindAddress 127.0.0.1\n"
"""What a program needs in its `spark-defaults.conf` so that workers reach it, and nobody else."""
_PATIENCE = 120
"""Seconds until all workers have to be there."""


@dataclass(frozen=True)
class Cluster:
    """Where the master is, and the processes of master and workers."""

    master: str
    processes: tuple[int, ...]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def standalone(folder: Path, workers: int = 2, memory: str = "1g") -> Iterator[Cluster]:
    """Give a cluster that ends with the block.

    Parameters
    ----------
    folder
        For what its processes write.
    workers, memory
        How many workers there are, of one core each, and how much memory each may give to Java.

    Raises
    ------
    TimeoutError
        The workers did not come.
    """
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    spark = str(Path(found.origin).parent / "bin" / "spark-class")
    environment = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_CONF_DIR": str(folder)}
    folder.mkdir(parents=True, exist_ok=True)
    said = folder / "master.log"
    port = _free_port()
    address = f"spark://127.0.0.1:{port}"
    local = ["--host", "127.0.0.1", "--webui-port", "0"]
    with ExitStack() as stack:

        def start(role: str, log: Path, *options: str) -> int:
            stream = stack.enter_context(log.open("wb"))
            name = f"org.apache.spark.deploy.{role.lower()}.{role}"
            process = subprocess.Popen([spark, name, *options], env=environment, stdout=stream, stderr=stream)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            return process.pid

        pids = [start("Master", said, *local, "--port", str(port))]
        _await(said, "I have been elected leader", 1)
        for number in range(workers):
            options = [
                *local,
                "--cores",
                "1",
                "--memory",
                memory,
                "--work-dir",
                str(folder / f"worker-{number}"),
                address,
            ]
            pids.append(start("Worker", folder / f"worker-{number}.log", *options))
        _await(said, "Registering worker", workers)
        yield Cluster(address, tuple(pids))


def _await(log: Path, words: str, times: int) -> None:
    """Wait until a log has some words so many times."""
    for _ in range(_PATIENCE * 10):
        text = log.read_text(encoding="utf-8", errors="replace")
        if text.count(words) >= times:
            return
        time.sleep(0.1)
    message = f"Expected {words!r} in {log} within {_PATIENCE} seconds; found: {text[-500:]}"
    raise TimeoutError(message)
