"""Pages across events: each number is that of the claims it leads to, and what the tables of the package have."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

import duckdb
import pytest

import readouts
from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.package.package import open_package
from readouts.publish.site.building import build_site
from readouts.publish.site.claim_lists import ClaimLine, ClaimList, Section
from readouts.publish.site.pagination import LARGEST
from tests.conftest import ROOT
from tests.publish.site.altered import altered
from tests.publish.site.reading import Read, broken_links, read_site
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.package.package import Row

CELL = re.compile(r'<td class="number shade-\d">(?:<a href="([^"]+)"[^>]*>)?([\d,]+)(?: of ([\d,]+))?(?:</a>)?')
SECTION = re.compile(r'<section class="claims" id="([^"]+)".*?</section>', re.DOTALL)
TABLES = ("accounts", "alignments", "attributions", "carriages", "claims", "events", "statements")

Cells = dict[str, tuple[int, int | None]]


def _cells(pages: dict[str, Read]) -> Cells:
    """Return what each number of claims leads to, the number, and of how many it is a part."""
    found: Cells = {}
    for path, page in pages.items():
        for link, number, whole in CELL.findall(page.text):
            value = int(number.replace(",", "")), int(whole.replace(",", "")) if whole else None
            if link:
                target = normpath(join(dirname(path), link))
                assert found.setdefault(target, value) == value, (path, target)
            else:
                assert value[0] == 0, path
    return found


def _listed(pages: dict[str, Read]) -> Counter[str]:
    """Return how many claims each section of each list has, over all pages of the list, and each list as a whole."""
    found: Counter[str] = Counter()
    for path, page in pages.items():
        first = re.sub(r"--\d+(?=\.html$)", "", path)
        for section in SECTION.finditer(page.text):
            number = section[0].count('<li class="claim-line">')
            found[f"{first}#{section[1]}"] += number
            found[first] += number
    return found


def _first_page(target: str) -> str:
    return re.sub(r"--\d+(?=\.html)", "", target)


def test_each_number_leads_to_exactly_as_many_claims(pages: dict[str, Read]) -> None:
    cells, listed = _cells(pages), _listed(pages)
    assert len(cells) > 150
    assert {target: number for target, (number, _) in cells.items()} == {
        target: listed[_first_page(target)] for target in cells
    }
    # The page that a number leads to has the beginning of its section.
    for target in cells:
        path, _, section = target.partition("#")
        assert not section or section in pages[path].ids, target


def test_no_list_has_a_claim_twice(pages: dict[str, Read]) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path, page in pages.items():
        if SECTION.search(page.text):
            for line in page.text.split('<li class="claim-line">')[1:]:
                found[re.sub(r"--\d+(?=\.html$)", "", path)].append("".join(re.findall(r'href="([^"]+)"', line[:800])))
    assert found
    assert all(len(lines) == len(set(lines)) for lines in found.values())


@pytest.fixture(scope="module")
def tables() -> duckdb.DuckDBPyConnection:
    """The tables of the release, and the claims of the accounts as SQL sees them."""
    found = duckdb.connect()
    for name in TABLES:
        found.execute(f"create view {name} as from read_csv('{ROOT}/data/{name}.csv', all_varchar=true, header=true)")
    found.execute(
        """
        create view in_full as
            select event_id from accounts join carriages using (account_id)
            where completeness = 'verbatim' and side in ('a', 'b')
            group by event_id having count(distinct side) = 2;
        create table made as
            select distinct claims.event_id, claim_id, topic, side, issuer_id from claims
            join attributions using (statement_id) join accounts using (account_id)
            where depth = '0' and accounts.event_id = claims.event_id and side in ('a', 'b');
        create table met as
            select distinct one.event_id, one.claim_id, made.side
            from (select statement_a as said, statement_b as other, relation from alignments
                  union all select statement_b, statement_a, relation from alignments)
            join claims one on one.statement_id = said join claims two on two.statement_id = other
            join made on made.event_id = two.event_id and made.claim_id = two.claim_id
            where one.event_id = two.event_id and one.claim_id <> two.claim_id
            and relation in ('contradicts', 'in_tension', 'weaker', 'stronger');
        create view other as
            select distinct event_id, claim_id, topic, year(date::date)::varchar as year,
                if(side = 'a', side_b_id, side_a_id) as own, if(side = 'a', side_a_id, side_b_id) as other,
                exists (from (from met select event_id, claim_id, side union from made select event_id, claim_id, side)
                        answer where answer.event_id = made.event_id and answer.claim_id = made.claim_id
                        and answer.side <> made.side) as answered
            from made join events using (event_id) where event_id in (from in_full);
        create view contested as
            select distinct event_id, claim_id, "group", topic, year(date::date)::varchar as year,
                least(side_a_id, side_b_id) as first, greatest(side_a_id, side_b_id) as second
            from claims join events using (event_id)
            where "group" in ('contradicted', 'in_tension') and event_id in (from in_full);
        """
    )
    return found


@pytest.mark.parametrize(("by", "suffix"), [("topic", ""), ("year", "--by-year")])
def test_what_a_side_leaves_out_is_what_the_table_of_claims_says(
    tables: duckdb.DuckDBPyConnection, pages: dict[str, Read], by: str, suffix: str
) -> None:
    rows = tables.sql(
        f"select own, other, {by}, count(*) filter (not answered), count(*) from other group by own, other, {by}"
    ).fetchall()
    wanted = {
        f"patterns/{own}--{other}{suffix}.html#{by}-{value}": (number, whole)
        for own, other, value, number, whole in rows
        if number
    }
    cells = {_first_page(target): value for target, value in _cells(pages).items()}
    lists = re.compile(rf"patterns/[^/]*{suffix}\.html#{by}-")
    found = {target: value for target, value in cells.items() if lists.match(target) and value[1] is not None}
    assert len(found) > 15
    assert found == wanted


@pytest.mark.parametrize(("by", "suffix"), [("topic", ""), ("year", "--by-year")])
@pytest.mark.parametrize("group", ["contradicted", "in_tension"])
def test_what_is_contested_is_what_the_table_of_claims_says(
    tables: duckdb.DuckDBPyConnection, pages: dict[str, Read], group: str, by: str, suffix: str
) -> None:
    rows = tables.sql(
        f"select first, second, {by}, count(*) from contested where \"group\" = '{group}' group by first, second, {by}"
    ).fetchall()
    name = group.replace("_", "-")
    wanted = {
        f"patterns/{first}--{second}--{name}{suffix}.html#{by}-{value}": number for first, second, value, number in rows
    }
    found = {
        _first_page(target): number
        for target, (number, _) in _cells(pages).items()
        if re.search(rf"patterns/.*--{name}{suffix}(--\d+)?\.html#", target)
    }
    assert found == wanted


def test_what_an_issuer_claims_is_what_the_table_of_claims_says(
    tables: duckdb.DuckDBPyConnection, pages: dict[str, Read]
) -> None:
    rows = tables.sql(
        "select issuer_id, topic, count(distinct event_id || '/' || claim_id) from made group by issuer_id, topic"
    ).fetchall()
    found = {
        _first_page(target): number
        for target, (number, _) in _cells(pages).items()
        if re.match(r"issuers/.*--claims(--\d+)?\.html#", target)
    }
    assert found == {f"issuers/{issuer}--claims.html#topic-{topic}": number for issuer, topic, number in rows}


def test_talks_say_which_topics_are_new_and_dropped(tables: duckdb.DuckDBPyConnection, pages: dict[str, Read]) -> None:
    topics: dict[str, set[str]] = defaultdict(set)
    for event, topic in tables.sql("select event_id, topic from made where event_id in (from in_full)").fetchall():
        topics[event].add(topic.replace("_", " "))
    seen = 0
    for path, page in pages.items():
        before: set[str] | None = None
        for talk in page.text.split('<li class="talk')[1:] if path.startswith("pairs/") else ():
            event = re.search(r'<h3><a href="\.\./events/([^"]+)\.html"', talk)
            assert event
            shown = {
                heading: {re.sub(r"<[^>]+>|\(.*?\)", "", each).strip() for each in words.split(", ")} - {"none"}
                for heading, words in re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", talk)
            }
            now = topics.get(event[1])
            if now is not None and before is not None:
                assert (shown["New topics"], shown["Dropped"]) == (now - before, before - now)
                seen += 1
            elif now is not None:
                assert shown["Topics"] == now
            else:
                assert not shown
            before = before if now is None else now
    assert seen == len(topics) - 4


def test_each_talk_leads_to_the_next_one_of_the_pair(pages: dict[str, Read]) -> None:
    for path, page in pages.items():
        compared = re.findall(r'<li class="talk">.*?href="\.\./(events/[^"]+)"', page.text, re.DOTALL)
        for one, other in pairwise(compared):
            assert f'Next: <a href="../{other}"' in pages[one].text, path
            assert f'Previous: <a href="../{one}"' in pages[other].text, path
        if compared:
            assert "Previous: <a" not in pages[compared[0]].text
            assert "Next: <a" not in pages[compared[-1]].text


def test_every_issuer_has_a_page_with_each_of_its_accounts_once(pages: dict[str, Read]) -> None:
    accounts = open_package(ROOT).rows("accounts")
    for issuer in {row["issuer_id"] for row in accounts}:
        page = pages[f"issuers/{issuer}.html"]
        for row in accounts:
            link = f"../events/{row['event_id']}.html#{row['account_id']}"
            assert page.links.count(link) == (row["issuer_id"] == issuer), (issuer, link)
            if row["side"] == "third" and row["issuer_id"] == issuer:
                assert "From neither side" in page.said
        assert f"../issuers/{issuer}.html" in pages[f"entities/{issuer}.html"].links
        assert f"issuers/{issuer}.html" in pages["patterns.html"].links


def _months(pages: dict[str, Read]) -> dict[str, list[str]]:
    """Return the events in each month of the calendar."""
    found: dict[str, list[str]] = defaultdict(list)
    for path, page in pages.items():
        for section in page.text.split('<h2 id="y')[1:] if path.startswith("calendar") else ():
            events = re.findall(r'<p class="name"><a href="events/([^"]+)\.html"', section)
            found[section.partition('"')[0]] += events
    return found


def _in_index(page: Read) -> dict[str, int]:
    """Return the number of events that the index of the calendar has for each month."""
    return {
        month: int(number)
        for month, number in re.findall(r'<td><a href="calendar[^"#]*#y([^"]+)"[^>]*>(\d+)</a>', page.text)
    }


def test_every_event_is_once_in_the_calendar_in_its_month(pages: dict[str, Read]) -> None:
    rows = open_package(ROOT).rows("events")
    months = _months(pages)
    assert Counter(name for names in months.values() for name in names) == Counter(row["event_id"] for row in rows)
    for row in rows:
        assert row["event_id"] in months[(row["date"] or "none")[:7]]
    assert _in_index(pages["calendar.html"]) == {
        month: len(names) for month, names in months.items() if month != "none"
    }


def _site(package: Path, folder: Path) -> dict[str, Read]:
    build_site(readouts.open(package), folder)
    pages = read_site(folder)
    assert broken_links(folder, pages) == []
    return pages


def test_a_calendar_of_many_events_has_several_pages_and_one_index(tmp_path: Path) -> None:
    def many(rows: list[Row]) -> list[Row]:
        made = [
            {**rows[0], "event_id": f"talk-{number:03}", "title": f"Talk {number} <b>", "parent_event_id": None}
            | {"date": f"20{31 + number // 12 % 30}-{number % 12 + 1:02}-09", "date_precision": "day"}
            for number in range(360)
        ]
        for row, precision in zip(made, ["month", "week", "year"], strict=False):
            row["date_precision"] = precision
        return [*rows, *made]

    pages = _site(altered(small_package(), tmp_path / "package", {"events": many}), tmp_path / "out")
    assert "calendar--2.html" in pages
    assert all(len(page.text.encode()) <= LARGEST for path, page in pages.items() if path.startswith("calendar"))
    months = _months(pages)
    assert months["2031"] == ["talk-002"]
    assert months["2031-01"] == ["talk-000"]
    for path in ("calendar.html", "calendar--2.html"):
        index = _in_index(pages[path])
        assert sum(index.values()) == sum(len(names) for month, names in months.items() if "-" in month)


def test_a_release_without_claims_or_governments_has_the_pages(tmp_path: Path) -> None:
    for version in ("1.0.0", "1.1.0"):
        archive = bundled_package() / "releases" / version / f"readouts-{version}.zip"
        pages = _site(archive, tmp_path / version)
        cells, listed = _cells(pages), _listed(pages)
        assert cells
        assert {target: number for target, (number, _) in cells.items()} == {
            target: listed[_first_page(target)] for target in cells
        }
        assert {"patterns.html", "issuers.html", "pairs.html", "calendar.html", "issuers/kremlin.html"} <= pages.keys()
        assert "pairs/russia--united-states.html" in pages


def _none(rows: list[Row]) -> list[Row]:
    del rows
    return []


def test_without_accounts_in_full_the_pages_say_so(tmp_path: Path) -> None:
    def reported(rows: list[Row]) -> list[Row]:
        return [{**row, "completeness": "reported"} for row in rows]

    pages = _site(altered(small_package(), tmp_path / "package", {"carriages": reported}), tmp_path / "out")
    assert "No event of this release has an account of each side that an article carries in full" in (
        pages["patterns.html"].said
    )
    assert not [path for path in pages if path.startswith("patterns/")]
    # What an issuer says is counted all the same.
    assert "issuers/kremlin--claims.html" in pages
    assert "it isn’t known which topics were dropped" in pages["pairs/russia--united-states.html"].said


def test_events_without_two_sides_have_no_pair(tmp_path: Path) -> None:
    def sideless(rows: list[Row]) -> list[Row]:
        return [{**row, "side_a_id": None, "side_b_id": None} for row in rows]

    changes = {"events": sideless, "participants": _none, "accounts": _none, "carriages": _none}
    pages = _site(altered(small_package(), tmp_path / "package", changes), tmp_path / "out")
    assert not [path for path in pages if path.startswith(("pairs/", "issuers/", "patterns/"))]
    assert "This release names no talks between two governments." in pages["pairs.html"].said
    assert "This release has no account of an event." in pages["issuers.html"].said
    assert 'class="onward"' not in "".join(page.text for page in pages.values())


def test_sides_whose_governments_are_not_known_are_told_apart_by_their_principals(tmp_path: Path) -> None:
    def sideless(rows: list[Row]) -> list[Row]:
        return [{**row, "side_a_id": None, "side_b_id": None} for row in rows]

    pages = _site(altered(small_package(), tmp_path / "package", {"events": sideless}), tmp_path / "out")
    pairs = [path for path in pages if re.fullmatch(r"pairs/~[0-9a-f]{16}--~[0-9a-f]{16}\.html", path)]
    assert any("Barack Obama and Vladimir Putin" in pages[path].said for path in pairs)
    assert "left out by White House" in pages["patterns.html"].said


def test_the_invented_corpus_has_its_pair_with_its_one_call(invented_package: Path, tmp_path: Path) -> None:
    pages = _site(invented_package, tmp_path / "out")
    page = pages["pairs/sarnia--veldania.html"]
    assert "../events/call-2031-05-01.html" in page.links
    assert "../events/meeting-port-sarn.html" in page.links
    assert {"issuers/presidency.html", "issuers/chancellery.html"} <= set(pages["issuers.html"].links)


def test_a_date_that_is_none_and_an_issuer_that_is_no_entity_stop_nothing(tmp_path: Path) -> None:
    def soon(rows: list[Row]) -> list[Row]:
        return [{**row, "date": "soon" if row["event_id"] == "call-2014-03-06" else row["date"]} for row in rows]

    def stranger(rows: list[Row]) -> list[Row]:
        return [{**row, "issuer_id": "stranger" if row["issuer_id"] == "kremlin" else row["issuer_id"]} for row in rows]

    changes = {"events": soon, "accounts": stranger}
    build_site(readouts.open(altered(small_package(), tmp_path / "package", changes)), tmp_path / "out")
    pages = read_site(tmp_path / "out")
    assert "issuers/stranger.html" in pages
    assert "call-2014-03-06" in _months(pages)["none"]
    assert any(target.endswith("#year-unknown") for target in _cells(pages))


def _line(number: int) -> ClaimLine:
    event = {"name": "talk", "title": "Talk", "date": "", "kind": "call"}
    return ClaimLine((f"talk/s{number}", "a"), f"s{number}", "word " * 40, "Lakeland", event, 0)


def test_a_long_section_goes_on_over_several_pages_and_the_next_begins_on_its_own() -> None:
    sections = [
        Section("topic-talks", "talks", tuple(_line(number) for number in range(900)), 1000),
        Section("topic-none", "none", (), 7),
        Section("topic-call", "call", tuple(_line(number) for number in range(900, 905)), 5),
    ]
    found = ClaimList(("patterns", ("fenland", "lakeland")), "Left out", "", sections, parts=True)
    pages = list(found.pages([]))
    assert len(pages) > 2
    listed = [
        (section.id, line.statement)
        for page in pages
        for section, part in page.values["leaf"].items
        for line in part.items
    ]
    assert listed == [(section.id, line.statement) for section in sections for line in section.lines]
    talks, none, call, total = (found.cell(f"topic-{name}") for name in ("talks", "none", "call", "other"))
    assert talks is not None
    assert (talks.words, talks.share, talks.place) == (
        "900 of 1,000", "90%", "patterns/fenland--lakeland.html#topic-talks"
    )  # fmt: skip
    assert none is not None
    assert (none.words, none.place) == ("0 of 7", "")
    assert call is not None
    assert call.place == f"patterns/fenland--lakeland--{len(pages)}.html#topic-call"
    assert total is None
    assert found.total is not None
    assert found.total.words == "905 of 1,012"
