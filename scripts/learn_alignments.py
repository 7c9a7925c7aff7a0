#!/usr/bin/env python3
"""Learn from the corpus and its texts how to find alignments, or check that what was learned is up to date."""

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, TextsPath, command, finish, run, say, write_text
from readouts.proposals.alignment import BILINGUAL
from readouts.proposals.alignment_learning import learn, learned_text
from readouts.text.sources import text_folder


@command
def main(
    texts: TextsPath,
    package: CorpusPath = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write. Default: bilingual.json.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; compare with what is there.")] = False,
) -> None:
    """Write what the corpus teaches about alignments. The result has no sentence of a text.

    Example: python scripts/learn_alignments.py --texts texts
    """
    path = output or BILINGUAL
    text = learned_text(learn(corpus_package(package), text_folder(texts)))
    if not check:
        write_text(text, path)
        finish(clean=True)
    same = path.is_file() and path.read_text(encoding="utf-8") == text
    if not same:
        say(f"{path} isn't what the corpus teaches. Run `python scripts/learn_alignments.py --texts DIR`.")
    finish(clean=same)


if __name__ == "__main__":
    run(main)
