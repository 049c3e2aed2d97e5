"""`zvonok serve`: a school's installation on one machine, until it is told to end."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import click
import structlog

from zvonok.failures import one_line_failures
from zvonok.logs import configure_logs
from zvonok.options import config_option, loaded
from zvonok.product import private_directory, run_product, settled


@click.command()
@config_option
def serve(config_file: Path | None) -> None:
    """Start the school's server: signaling and the media node, started again when they die."""
    with one_line_failures(), private_directory() as run_dir:
        config = settled(loaded(config_file), run_dir)
        configure_logs(config.log, "supervisor")

        def announce(pids: Mapping[str, int]) -> None:
            structlog.get_logger(__name__).info(
                "serving",
                url=config.http.public_url,
                media_port=config.media.port,
                signaling_metrics_port=config.metrics.signaling_port,
                sfu_metrics_port=config.metrics.sfu_port,
                pids=dict(pids),
            )

        asyncio.run(run_product(config, announce, demo=False))
