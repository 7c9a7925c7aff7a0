"""Keys and references are proposed from the data and the names, and chance alone proposes none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.datapackage.inference.describing import described

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage import Description

RIVERS = "river_id,name\npo,Po\nadda,Adda\nmincio,Mincio\n"


def _keys(found: Description) -> dict[str, list[str]]:
    return {each["name"]: each["schema"].get("primaryKey", []) for each in found.descriptor["resources"]}


def _references(found: Description, table: str) -> dict[tuple[str, ...], str]:
    schema = next(each["schema"] for each in found.descriptor["resources"] if each["name"] == table)
    return {
        tuple(key["fields"]): f"{key['reference'].get('resource', '')}.{','.join(key['reference']['fields'])}"
        for key in schema.get("foreignKeys", [])
    }


def _valid(found: Description) -> bool:
    return found.report is not None and found.report.valid


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("lake_id,name\n1,Como\n2,Garda\n", ["lake_id"]),
        ("name,id\nComo,1\nGarda,2\n", ["id"]),
        ("name,code,depth\nComo,CO,410\nGarda,GA,346\n", ["code"]),
        ("lake,year,level\ncomo,2030,1.5\ncomo,2031,1.5\ngarda,2031,1.5\n", ["lake", "year"]),
        ("code,name,year,level\nco,Como,2030,1\nco,Como,2031,1\nga,Garda,2031,1\n", ["code", "year"]),
        ("depth,remark\n410,deep\n346,deep\n", []),
        ("level,seen\n1.5,2031-01-01\n1.6,2031-01-01\n", []),
        ("id,name\n1,Como\n1,Garda\n", []),
        ("id,name\n1,Como\n,Garda\n", []),
    ],
)
def test_the_primary_key_is_what_no_row_repeats_and_a_name_suggests(text: str, key: list[str], tmp_path: Path) -> None:
    found = described(tmp_path, lakes=text)
    assert _keys(found)["lakes"] == key
    assert _valid(found)


def test_other_unique_columns_are_named_and_stay_out_of_the_descriptor(tmp_path: Path) -> None:
    found = described(tmp_path, lakes="lake_id,name,country\n1,Como,IT\n2,Garda,IT\n")
    unique = [each for each in found.tables[0].proposals if each.kind == "unique"]
    assert [(each.fields, each.adopted) for each in unique] == [(("name",), False)]


def test_a_column_refers_to_the_key_that_has_all_of_its_values(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        rivers=RIVERS,
        lakes="lake_id,inflow,river_id\ncomo,adda,adda\ngarda,mincio,\niseo,po,po\n",
    )
    assert _references(found, "lakes") == {("inflow",): "rivers.river_id", ("river_id",): "rivers.river_id"}
    assert _references(found, "rivers") == {}
    assert _valid(found)


def test_one_value_that_is_not_in_the_key_refers_to_nothing(tmp_path: Path) -> None:
    found = described(tmp_path, rivers=RIVERS, lakes="lake_id,river_id\ncomo,adda\ngarda,sarca\n")
    assert _references(found, "lakes") == {}


def test_numbers_refer_to_a_key_only_if_their_column_is_named_after_it(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        countries="id,name\n1,Italy\n2,Austria\n3,Hungary\n",
        lakes="id,country_id,islands\n1,1,3\n2,2,1\n",
    )
    assert _references(found, "lakes") == {("country_id",): "countries.id"}


def test_a_table_may_refer_to_itself(tmp_path: Path) -> None:
    found = described(tmp_path, basins="basin_id,parent_basin_id\nadriatic,\npo,adriatic\nadda,po\nmera,adda\n")
    assert _references(found, "basins") == {("parent_basin_id",): ".basin_id"}
    assert _valid(found)


def test_a_column_without_values_refers_by_its_name_and_is_called_unsure(tmp_path: Path) -> None:
    found = described(tmp_path, rivers=RIVERS, lakes="lake_id,river_id\ncomo,\ngarda,\n")
    proposal = next(each for each in found.tables[1].proposals if each.kind == "reference")
    assert (proposal.resource, proposal.confidence) == ("rivers", "low")


def test_of_tables_with_the_same_key_the_one_named_after_it_is_referred_to(tmp_path: Path) -> None:
    lakes = "lake_id,depth\ncomo,410\ngarda,346\niseo,251\n"
    found = described(tmp_path, lakes_in_full=lakes, lakes=lakes, visits="visit_id,lake_id\n1,como\n2,iseo\n3,garda\n")
    assert _references(found, "visits") == {("lake_id",): "lakes.lake_id"}
    assert _references(found, "lakes_in_full") == {("lake_id",): "lakes.lake_id"}
    assert _references(found, "lakes") == {}


def test_a_key_of_several_columns_is_referred_to_by_columns_of_its_names(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        stations="basin,number,height\npo,1,5\npo,2,5\nadda,1,5\n",
        readings="reading_id,basin,number\nr1,po,1\nr2,po,1\nr3,adda,1\n",
    )
    assert _references(found, "readings") == {("basin", "number"): "stations.basin,number"}
    assert _valid(found)


def test_a_list_of_keys_is_reported_since_no_foreign_key_can_express_it(tmp_path: Path) -> None:
    found = described(tmp_path, rivers=RIVERS, lakes="lake_id,inflows\ncomo,adda|po\ngarda,mincio|po\n")
    proposal = next(each for each in found.tables[1].proposals if each.kind == "list of references")
    assert (proposal.fields, proposal.resource, proposal.adopted) == (("inflows",), "rivers", False)
    assert "3 items between '|'" in proposal.reason
