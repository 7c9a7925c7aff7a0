#!/usr/bin/env python3
"""Learn words for `readouts propose` from the corpus and its texts, or check that what was learned is up to date."""

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import AnnotationsPath, CorpusPath, TextsPath, command, finish, run, say, write_text
from readouts.proposals.learning import confidence, cross_proposals, learn, learned_text
from readouts.proposals.lexicon import LEARNED
from readouts.text.sources import text_folder


@command
def main(
    texts: TextsPath,
    package: CorpusPath = None,
    annotations: AnnotationsPath = Path("annotations"),
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write. Default: learned.json.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; compare with what is there.")] = False,
) -> None:
    """Write what the corpus teaches about its words. The result has no sentence of a text.

    Example: python scripts/learn_proposals.py --texts texts
    """
    path = output or LEARNED
    corpus, folder = corpus_package(package), text_folder(texts)
    learned = learn(corpus, folder)
    learned["confidence"] = confidence(corpus.rows, cross_proposals(corpus, folder, annotations))
    text = learned_text(learned)
    if not check:
        write_text(text, path)
        finish(clean=True)
    same = path.is_file() and path.read_text(encoding="utf-8") == text
    if not same:
        say(f"{path} isn't what the corpus teaches. Run `python scripts/learn_proposals.py --texts DIR`.")
    finish(clean=same)


if __name__ == "__main__":
    run(main)
