"""Why the program ends without having done what it was asked, and with which exit code.

Raised anywhere in the product, turned into one line on standard error by the commands. The codes are those of
`zvonok --help`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

FAILED = 1
WRONG_CONFIG = 2


class ConfigError(Exception):
    """One line: where the value comes from, which key, what is wrong with it."""

    def __init__(self, source: str, key: str, problem: str) -> None:
        super().__init__(": ".join(part for part in (source, key, " ".join(problem.split())) if part))


class NotStarted(Exception):
    """It could not be started; the text says why, in one line."""


@contextmanager
def one_line_failures() -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        _end(error, WRONG_CONFIG)
    except NotStarted as error:
        _end(error, FAILED)


def _end(error: Exception, code: int) -> NoReturn:
    click.echo(f"zvonok: {error}", err=True)
    sys.exit(code)
