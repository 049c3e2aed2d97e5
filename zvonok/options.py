"""The options that commands share, and the configuration that they lead to."""

from collections.abc import Callable
from pathlib import Path

import click

from zvonok.config import Config, environment
from zvonok.loading import load

config_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration in TOML; without it, the defaults. ZVONOK_<SECTION>_<KEY> variables win over both.",
)
parent_option: Callable[[Callable[..., None]], Callable[..., None]] = click.option(
    "--parent", type=int, hidden=True, help="Ends together with this process."
)


def loaded(config_file: Path | None) -> Config:
    return load(config_file, environment())
