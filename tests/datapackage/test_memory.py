"""The default bound of memory: half of what the machine, or the control group, has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from readouts.datapackage import memory

if TYPE_CHECKING:
    from pathlib import Path

MACHINE = "MemTotal: 9000 kB\nMemAvailable: 8000 kB\n"
V1 = {"memory.limit_in_bytes": "600000", "memory.usage_in_bytes": "200000"}
V2 = {"memory.max": "600000", "memory.current": "200000"}


@pytest.mark.parametrize(
    ("groups", "folder", "limits", "bound"),
    [
        ("", "", {}, 4_096_000),
        ("0::/a/b\n", "a", V2, 200_000),
        ("0::/a/b\n", "", V2, 200_000),
        ("0::/a\n", "a", V2 | {"memory.max": "max"}, 4_096_000),
        ("0::/a\n", "a", V2 | {"memory.stat": "anon 5\ninactive_file 100000"}, 250_000),
        ("0::/a\n", "a", V2 | {"memory.stat": "inactive_file 900000"}, 300_000),
        ("4:memory:/a\n", "memory/a", V1 | {"memory.stat": "inactive_file 7\ntotal_inactive_file 100000"}, 250_000),
        ("9:cpu:/\n4:cpuset,memory:/a\n", "memory/a", V1, 200_000),
        ("4:memory:/a\n", "memory", V1 | {"memory.limit_in_bytes": "9223372036854771712"}, 4_096_000),
        ("4:memory:/a\n", "memory/a", V1 | {"memory.usage_in_bytes": "700000"}, 0),
    ],
)
def test_the_bound_is_half_of_the_least_that_is_left(  # noqa: PLR0917
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    groups: str,
    folder: str,
    limits: dict[str, str],
    bound: int,
) -> None:
    monkeypatch.setattr(memory, "_SYSTEM", tmp_path / "proc")
    monkeypatch.setattr(memory, "_GROUPS", tmp_path / "groups")
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "meminfo").write_text(MACHINE, encoding="ascii")
    (tmp_path / "proc" / "self" / "cgroup").write_text(groups, encoding="ascii")
    (tmp_path / "groups" / folder).mkdir(parents=True)
    for name, text in limits.items():
        (tmp_path / "groups" / folder / name).write_text(f"{text}\n", encoding="ascii")
    assert memory.memory_bound() == bound


def test_a_system_that_says_nothing_has_what_small_machines_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_SYSTEM", tmp_path)
    monkeypatch.setattr("os.sysconf", lambda _: 1000, raising=False)
    assert memory.memory_bound() == 500_000
