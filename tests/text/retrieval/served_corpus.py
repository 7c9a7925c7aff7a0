"""The invented corpus with two more articles, in Chinese and Russian, and the addresses that a test gives it."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.text.fingerprint import fingerprint
from readouts.text.skeleton import Skeleton

if TYPE_CHECKING:
    from collections.abc import Mapping

INVENTED = Path(__file__).resolve().parents[2] / "invented"
HERALD, COURIER, RIBAO, VESTNIK = (f"{name}-2031-05-02" for name in ("herald", "courier", "ribao", "vestnik"))

_RIBAO = """马雷克与奥斯特洛娃就湖区局势通电话

维尔达尼亚总统府发布消息说，总统亚娜·马雷克周四同萨尔尼亚总理伊利娅·奥斯特洛娃通电话。

总统府称，马雷克提议双方军队“后撤十公里”，并请观察员进入湖区。马雷克还说，两国人民都盼望湖上早日恢复捕鱼。

总理府的说法不同。

总理府表示，是奥斯特洛娃先打来电话。总理府说，武装团伙仍在骚扰村庄，停火为时过早。

双方都说，两国外长将在萨恩港会面。分析人士怀疑停火能否持久。

两国外长参加通话。
"""
_VESTNIK = """Марек и Острова обсудили положение на Озёрах

Президент Вельдании Яна Марек позвонила в четверг канцлеру Сарнии Илье Острове, сообщила администрация президента. \
По её словам, Марек предложила отвести войска «на десять километров» и допустить наблюдателей.

Канцелярия изложила разговор иначе. «Вооружённые банды продолжают нападать на деревни», — заявил канцлер, говорится \
в сообщении. В канцелярии добавили, что перемирие преждевременно.

Обе стороны подтвердили, что министры иностранных дел встретятся в порту Сарн.

Наблюдатели сомневаются, что перемирие продержится долго.
"""
_CONTENTS = {
    RIBAO: [
        "马雷克与奥斯特洛娃就湖区局势通电话", "总统亚娜·马雷克周四同萨尔尼亚总理伊利娅·奥斯特洛娃通电话",
        "双方军队“后撤十公里”", "请观察员进入湖区", "两国人民都盼望湖上早日恢复捕鱼", "是奥斯特洛娃先打来电话",
        "武装团伙仍在骚扰村庄", "停火为时过早", "两国外长将在萨恩港会面", "停火能否持久", "两国外长参加通话",
    ],
    VESTNIK: [
        "Марек и Острова обсудили положение на Озёрах", "Яна Марек позвонила в четверг канцлеру Сарнии Илье Острове",
        "отвести войска «на десять километров»", "допустить наблюдателей",
        "Вооружённые банды продолжают нападать на деревни", "перемирие преждевременно",
        "министры иностранных дел встретятся в порту Сарн", "перемирие продержится долго",
    ],
}  # fmt: skip
_OTHERS = {
    RIBAO: ["马雷克", "总统府称", "奥斯特洛娃先", "总理府表示", "萨恩港", "分析人士"],
    VESTNIK: ["администрация президента", "По её словам", "Канцелярия", "заявил канцлер", "Обе стороны", "Наблюдатели"],
}
TEXTS = {
    HERALD: (INVENTED / "texts" / f"{HERALD}.txt").read_text(encoding="utf-8"),
    COURIER: (INVENTED / "texts" / f"{COURIER}.txt").read_text(encoding="utf-8"),
    RIBAO: _RIBAO,
    VESTNIK: _VESTNIK,
}
LANGUAGES = {HERALD: "en", COURIER: "en", RIBAO: "zh-Hans", VESTNIK: "ru"}


@dataclass(frozen=True)
class Addresses:
    """Where an article is said to be, and under which rights."""

    url: str | None = None
    archived_url: str | None = None
    rights: str = "no_redistribution"


def served_corpus(package: Path, target: Path, addresses: Mapping[str, Addresses]) -> Path:
    """Copy the built invented corpus and add the articles and the addresses; what has none has no address."""
    shutil.copytree(package, target, ignore=shutil.ignore_patterns(".readouts"))
    articles, spans = _rows(target / "data" / "articles.csv"), _rows(target / "data" / "spans.csv")
    for row in articles:
        row["archived_url"] = ""
    for name in (RIBAO, VESTNIK):
        text = Skeleton(TEXTS[name])
        facts = {
            "article_id": name,
            "title": TEXTS[name].splitlines()[0],
            "language": LANGUAGES[name],
            "character_count": str(len(text.text)),
            "sha256_raw": sha256(text.text.encode()).hexdigest(),
            "sha256_skeleton": sha256(text.letters.encode()).hexdigest(),
        }
        articles.append({**articles[0], **facts})
        for role, quotes in (("content", _CONTENTS[name]), ("mention", _OTHERS[name])):
            for number, quote in enumerate(quotes):
                spans.append(_span(spans[0], f"{name}.{role[0]}{number:02}", role, text, quote))
    for row in articles:
        place = addresses.get(row["article_id"], Addresses())
        row |= {"url": place.url or "", "archived_url": place.archived_url or "", "rights": place.rights}
    descriptor = json.loads((target / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        rows = {"articles": articles, "spans": spans}.get(resource["name"])
        if rows is not None:
            fields = resource["schema"]["fields"]
            if "archived_url" in rows[0] and all(each["name"] != "archived_url" for each in fields):
                fields.append({"name": "archived_url", "type": "string"})
            data = _write(target / resource["path"], rows, [each["name"] for each in fields])
            resource |= {"bytes": len(data), "hash": f"sha256:{sha256(data).hexdigest()}", "rowCount": len(rows)}
    (target / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return target


def _span(like: dict[str, str], span_id: str, role: str, text: Skeleton, quote: str) -> dict[str, str]:
    start = text.text.index(quote)
    prints = fingerprint(text, start, start + len(quote))
    return {
        **dict.fromkeys(like, ""),
        "span_id": span_id,
        "article_id": span_id.partition(".")[0],
        "role": role,
        "start": str(start),
        "end": str(start + len(quote)),
        "seq": "0",
        "skeleton_sha256": prints.skeleton_sha256,
        "skeleton_length": str(prints.skeleton_length),
        "prefix_sha256": prints.prefix_sha256,
        "suffix_sha256": prints.suffix_sha256,
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, rows: list[dict[str, str]], names: list[str]) -> bytes:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path.read_bytes()
