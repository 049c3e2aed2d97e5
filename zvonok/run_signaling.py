"""`zvonok run-signaling`: signaling as a process of its own, started by the supervisor or by an administrator."""

import asyncio
from pathlib import Path

import click

from school.store import StoreError
from school.usecases.founding import keep_school
from signaling.app import SignalingSettings, run
from zvonok.config import Config
from zvonok.database import opened
from zvonok.failures import NotStarted, one_line_failures
from zvonok.garbage import keep_what_is_loaded
from zvonok.logs import configure_logs
from zvonok.options import config_option, loaded, parent_option
from zvonok.parent import end_with


@click.command(hidden=True)
@config_option
@parent_option
@click.option("--demo", is_flag=True, help="Everybody may sign in as anybody.")
def run_signaling(config_file: Path | None, parent: int | None, *, demo: bool) -> None:
    """Run signaling."""
    if parent is not None:
        end_with(parent)
    with one_line_failures():
        config = loaded(config_file)
        configure_logs(config.log, "signaling")
        if not demo:
            asyncio.run(_keep_school(config))
        keep_what_is_loaded()
        try:
            run(signaling_settings(config, demo=demo))
        except StoreError as error:
            raise NotStarted(f"database: {error}") from error


async def _keep_school(config: Config) -> None:
    async with opened(config.database.url) as store:
        await keep_school(store, config.school.name, config.school.zone)


def signaling_settings(config: Config, *, demo: bool) -> SignalingSettings:
    return SignalingSettings(
        host=config.http.host,
        port=config.http.port,
        public_url=config.http.public_url,
        allowed_origins=config.http.allowed_origins,
        tls_certificate=config.http.tls_certificate or None,
        tls_key=config.http.tls_key or None,
        database_url=config.database.url,
        control_socket=config.control.socket,
        metrics_host=config.metrics.host,
        metrics_port=config.metrics.signaling_port,
        school_zone=config.school.zone,
        minutes_without_adult=config.children.minutes_without_adult,
        adults=config.children.adults,
        two_adults=config.children.two_adults,
        demo=demo,
        log_level=config.log.level,
        log_format=config.log.format,
    )
