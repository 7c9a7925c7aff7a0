"""The process that frictionless works in: it imports frictionless, then answers one question.

The import takes as long as many packages take to check, so that it may begin before there is a question. This module is
imported first of all, and imports next to nothing.
"""

from __future__ import annotations

import subprocess
import sys

__all__ = ["prepare", "take"]

_PROGRAM = """
import gc, json, os, sys
# Looking for garbage, and for plugins of Pydantic in every package that is installed, would take a fifth of the time.
gc.disable()
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
from frictionless import Field, FrictionlessException, Package, Resource, __version__
question = sys.stdin.read()
if not question:
    # It was started in vain.
    os._exit(0)
descriptor, root = json.loads(question)
def refuse(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn")):
        raise OSError("a descriptor is checked without the network and without other programs")
sys.addaudithook(refuse)
def errors(make):
    try:
        made = make()
        return list(type(made).metadata_validate(made.to_descriptor()))
    except FrictionlessException as error:
        return error.reasons or [error.error]
def said(make):
    return [(error.type, error.note or error.message) for error in errors(make)]
of_package = said(lambda: Package.from_descriptor(descriptor, basepath=root))
found = []
for number, resource in enumerate(descriptor["resources"]) if of_package else ():
    def make():
        made = Resource.from_descriptor(resource, basepath=root)
        made.schema
        return made
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    for place, field in enumerate(fields if isinstance(fields, list) else ()):
        if isinstance(field, dict):
            found += [(number, place, *entry) for entry in said(lambda: Field.from_descriptor(field))]
    known = [entry[2:] for entry in found if entry[0] == number]
    found += [(number, None, *entry) for entry in said(make) if entry not in known]
# A resource or field on its own says which one it is; what only the package knows, such as its version, decides.
found = [entry for entry in found if entry[2:] in of_package] or [(None, None, *entry) for entry in of_package]
json.dump([__version__, found], sys.stdout)
sys.stdout.flush()
# Nothing is left to be tidied up, which would take as long as some packages.
os._exit(0)
"""

_prepared: list[subprocess.Popen[bytes]] = []


def prepare() -> None:
    """Start a process, which imports frictionless and waits; it ends with this one if nothing is asked."""
    _prepared.append(_started())


def take() -> subprocess.Popen[bytes]:
    """Return a process that is ready to be asked, or soon will be: by JSON, the descriptor and its folder."""
    return _prepared.pop() if _prepared else _started()


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-W", "ignore", "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
