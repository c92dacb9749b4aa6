"""Turns what a person typed into a full-text expression that SQLite can't misread."""

from __future__ import annotations

import re

from reflect.errors import Refused

_PIECES = re.compile(r'"([^"]*)"|([^\s"]+)')
_MOST = 200  # SQLite refuses deeper expressions in a way of its own
_OPERATORS = {"AND", "OR", "NOT"}


def fts_expression(typed: str) -> str:
    """Return an FTS5 expression: words all together, "a phrase", AND/OR/NOT between terms, prefix*.

    Every term is quoted, so that no sign in it can be taken for syntax; an operator with
    nothing to join is a word like any other. Nothing to search for is refused.
    """
    pieces: list[tuple[str, bool]] = []  # (text, is an operator)
    # What SQLite can't be given (NUL, bytes that were no text) can't be found either.
    for phrase, word in _PIECES.findall(typed.encode("utf-8", "replace").decode().replace("\x00", " ")):
        if word in _OPERATORS:
            pieces.append((word, True))
        elif any(sign.isalnum() for sign in phrase or word):
            pieces.append((_quoted(phrase, prefix=False) if phrase else _quoted_word(word), False))
    expression: list[str] = []
    for position, (text, is_operator) in enumerate(pieces):
        joins = (
            is_operator
            and position > 0
            and not pieces[position - 1][1]
            and position + 1 < len(pieces)
            and not pieces[position + 1][1]
        )
        if joins:
            expression.append(text)
        else:
            if expression and expression[-1] not in _OPERATORS:
                expression.append("AND")
            expression.append(_quoted(text, prefix=False) if is_operator else text)
    if len(expression) > _MOST:
        raise Refused(
            "that is too much to search for",
            why=f"it has more than {_MOST} words and operators",
            next_step="give a few words",
        )
    if not expression:
        raise Refused(
            "there is nothing to search for",
            why="it holds no letter or digit",
            next_step='give a word, a "phrase" or the beginning of a word with * after it',
        )
    return " ".join(expression)


def _quoted_word(word: str) -> str:
    return _quoted(word.rstrip("*"), prefix=word.endswith("*"))


def _quoted(text: str, *, prefix: bool) -> str:
    # The quotation mark can't occur inside: the pieces were cut at it.
    return f'"{text}"' + ("*" if prefix else "")
