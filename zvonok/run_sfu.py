"""`zvonok run-sfu`: the media node as a process of its own, started by the supervisor or by an administrator."""

from pathlib import Path

import click

from sfu.node import NodeSettings, run
from zvonok.config import Config
from zvonok.failures import one_line_failures
from zvonok.network import machine_addresses
from zvonok.options import config_option, loaded, parent_option
from zvonok.parent import end_with


@click.command(hidden=True)
@config_option
@parent_option
def run_sfu(config_file: Path | None, parent: int | None) -> None:
    """Run the media node."""
    if parent is not None:
        end_with(parent)
    with one_line_failures():
        config = loaded(config_file)
        run(node_settings(config))


def node_settings(config: Config) -> NodeSettings:
    addresses = config.media.addresses or machine_addresses()
    return NodeSettings(
        addresses=addresses,
        announce=[*addresses, *config.media.announce],
        port=config.media.port,
        control_socket=config.control.socket,
        metrics_host=config.metrics.host,
        metrics_port=config.metrics.sfu_port,
        log_level=config.log.level,
        log_format=config.log.format,
    )
