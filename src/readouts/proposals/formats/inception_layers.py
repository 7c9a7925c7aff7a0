"""The layers of an INCEpTION project that takes annotations: as types of UIMA, and as the project imports them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.proposals.formats.items import KINDS, MOST_STEPS, values_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cassis import TypeSystem

    from readouts.annotations.forms import Column
    from readouts.proposals.formats.items import About, Kind

__all__ = [
    "ARRAY",
    "IMPLICIT",
    "PACKAGE",
    "PART",
    "PARTS",
    "STRING",
    "layers",
    "link_type_of",
    "links_of",
    "type_system",
]

PACKAGE = "webanno.custom."
IMPLICIT, PARTS, PART = "implicit", "parts", "Part"
STRING, _BOOLEAN, ARRAY, _TOP = "uima.cas.String", "uima.cas.Boolean", "uima.cas.FSArray", "uima.cas.TOP"


def links_of(kind: Kind) -> dict[str, str]:
    """Return the layer that each link of a layer leads to, by name."""
    return {**kind.links, PARTS: PART}


def link_type_of(layer: str, link: str) -> str:
    """Return the name of the type of a link."""
    return f"{PACKAGE}{layer}{link.capitalize()}Link"


def type_system() -> TypeSystem:
    """Return the types of the layers."""
    from cassis import TypeSystem

    types = TypeSystem()
    for name in (PART, *KINDS):
        types.create_type(PACKAGE + name)
    for name, kind in KINDS.items():
        layer = types.get_type(PACKAGE + name)
        for key in kind.values:
            types.create_feature(layer, key, STRING)
        if not kind.placed:
            types.create_feature(layer, IMPLICIT, _BOOLEAN)
        for link, target in links_of(kind).items():
            made = types.create_type(link_type_of(name, link), _TOP)
            types.create_feature(made, "role", STRING)
            types.create_feature(made, "target", PACKAGE + target)
            types.create_feature(layer, link, ARRAY, elementType=made)
    return types


def layers(about: About) -> list[dict[str, Any]]:
    """Return the layers as INCEpTION imports them, with their labels.

    Parameters
    ----------
    about
        What the annotations may name: it becomes tags that a user can add to.

    Examples
    --------
    >>> from readouts.proposals.formats.items import About
    >>> [layer["uiName"] for layer in layers(About("herald"))]
    ['Part', 'Region', 'Statement', 'Source', 'Cue', 'Quoted', 'Addressee', 'Mention', 'Relation']
    """
    made = [_layer(PART, "A further part of an annotation.", [])]
    for name, kind in KINDS.items():
        features = [_feature(key, STRING, _tags(key, column, about)) for key, column in kind.values.items()]
        if not kind.placed:
            features.append(_feature(IMPLICIT, _BOOLEAN))
        for link, target in links_of(kind).items():
            steps = {str(number): "" for number in range(1, MOST_STEPS + 1)}
            tags = _tag_set("step", steps, "Steps of a chain, the outermost source first.") if link == "chain" else None
            features.append(
                _feature(link, PACKAGE + target, tags)
                | {
                    "multi_value_mode": "ARRAY",
                    "link_mode": "WITH_ROLE",
                    "link_type_name": link_type_of(name, link),
                    "link_type_role_feature_name": "role",
                    "link_type_target_feature_name": "target",
                }
            )
        made.append(_layer(name, kind.title, features))
    return made


def _layer(name: str, description: str, features: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": PACKAGE + name,
        "features": features,
        "uiName": name,
        "type": "span",
        "description": description,
        "enabled": True,
        "built_in": False,
        "readonly": False,
        "attach_type": None,
        "attach_feature": None,
        "allow_stacking": True,
        "cross_sentence": True,
        "show_hover": True,
        "anchoring_mode": "CHARACTERS",
        "overlap_mode": "ANY_OVERLAP",
        "validation_mode": "ALWAYS",
        "linked_list_behavior": False,
        "on_click_javascript_action": None,
        "traits": None,
    }


def _feature(name: str, type_name: str, tags: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "tag_set": tags,
        "uiName": name,
        "type": type_name,
        "enabled": True,
        "visible": True,
        "include_in_hover": False,
        "required": False,
        "remember": False,
        "hideUnconstraintFeature": False,
        "description": None,
        "multi_value_mode": "NONE",
        "link_mode": "NONE",
        "link_type_name": None,
        "link_type_role_feature_name": None,
        "link_type_target_feature_name": None,
        "traits": None,
        "curatable": True,
    }


def _tags(key: str, column: Column | None, about: About) -> dict[str, Any] | None:
    values = values_of(column, about)
    if column is None or not values:
        return None
    told = {category.value: category.label for category in column.field.categories}
    name = column.target or f"{column.table} {key}"
    return _tag_set(
        name, {value: told.get(value, "") for value in values}, column.field.title, open_set=bool(column.target)
    )


def _tag_set(name: str, tags: Mapping[str, str], description: str, *, open_set: bool = False) -> dict[str, Any]:
    return {
        "name": f"readouts {name}",
        "description": description,
        "language": "en",
        "tags": [{"tag_name": tag, "tag_description": told or None} for tag, told in tags.items()],
        "create_tag": open_set,
    }
