"""`zvonok run-sfu`: the media node as a process of its own, started by the supervisor or by an administrator."""

from pathlib import Path

import click

from sfu.node import NodeSettings, make_identity, run
from zvonok.config import Config
from zvonok.failures import one_line_failures
from zvonok.garbage import keep_what_is_loaded
from zvonok.network import machine_addresses
from zvonok.options import config_option, loaded, parent_option
from zvonok.parent import end_with
from zvonok.spare import wait_for_word


@click.command(hidden=True)
@config_option
@parent_option
@click.option("--wait", "waits", is_flag=True, help="Open nothing before «go» comes on standard input.")
def run_sfu(config_file: Path | None, parent: int | None, *, waits: bool) -> None:
    """Run the media node."""
    if parent is not None:
        end_with(parent)
    with one_line_failures():
        config = loaded(config_file)
        identity = make_identity()
        keep_what_is_loaded()
        if waits:
            wait_for_word()
        run(node_settings(config), identity)


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
