from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset

pytestmark = pytest.mark.skipif(find_spec("datasette") is None, reason="datasette is not installed")


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def _json(address: str) -> Any:
    return json.loads(_get(address))


@pytest.fixture(scope="module")
def served(exported: Path) -> Iterator[str]:
    """The real Datasette on a port of loopback, with database and metadata as they were exported."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "datasette", "serve", "--immutable", exported / "readouts.sqlite"]
    command += ["--metadata", exported / "datasette.json", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                _get(f"{address}/-/versions.json")
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, "Datasette ended"
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_a_foreign_key_links_through_to_the_row_that_it_names(served: str, dataset: Dataset) -> None:
    statement = next(row for row in dataset.tables["statements"].records() if row["speaker_id"])
    page = _get(f"{served}/readouts/statements?statement_id={statement['statement_id']}")
    links = re.findall(r'<a href="(/readouts/entities/[^"]+)">([^<]+)</a>', page)
    names = {row["entity_id"]: row["name"] for row in dataset.tables["entities"].records()}
    expected = (f"/readouts/entities/{statement['speaker_id']}", names[statement["speaker_id"]])
    assert expected in links
    entity = _json(served + expected[0] + ".json?_shape=array&_extras=foreign_key_tables")
    row = dict(zip(entity["columns"], entity["rows"][0], strict=True)) if isinstance(entity, dict) else entity[0]
    assert row["entity_id"] == statement["speaker_id"]
    back = _get(served + expected[0])
    assert f"/readouts/statements?speaker_id={statement['speaker_id']}" in back


def test_every_table_is_served_in_full(served: str, dataset: Dataset) -> None:
    for name, table in dataset.tables.items():
        assert _json(f"{served}/readouts/{name}.json?_size=0")["filtered_table_rows_count"] == table.survey.rows


def test_summaries_are_searched(served: str, dataset: Dataset) -> None:
    found = _json(f"{served}/readouts/statements.json?_search=peaceful&_shape=array&_size=max")
    expected = [
        row["statement_id"]
        for row in dataset.tables["statements"].records()
        if "peaceful" in re.findall(r"\w+", str(row["summary"]).lower())
    ]
    assert expected
    assert sorted(row["statement_id"] for row in found) == sorted(filter(None, expected))


def test_titles_descriptions_units_and_licence_are_shown(served: str) -> None:
    page = _get(f"{served}/readouts/spans")
    assert "Offset after the last character. Unit: Unicode code points." in page
    assert '<a href="https://creativecommons.org/licenses/by/4.0/">CC-BY-4.0</a>' in page
    assert "statements_fts" not in re.sub(r"(?s)<script.*?</script>", "", _get(f"{served}/readouts").split("hidden")[0])
