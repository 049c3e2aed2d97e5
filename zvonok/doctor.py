"""`zvonok doctor`: tests this installation and says what to mend; exit code 0 when all is well, else 1."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from zvonok.config import Config
from zvonok.doctor_checks import Finding, all_well, certificate, clock, data_directory, database, ports
from zvonok.failures import FAILED, ConfigError
from zvonok.logs import configure_logs
from zvonok.options import config_option, loaded


@click.command()
@config_option
def doctor(config_file: Path | None) -> None:
    """Test configuration, ports, database and a real media path; say what to mend."""
    try:
        config = loaded(config_file)
    except ConfigError as error:
        _show(Finding(f"configuration: {error}", "change this value; zvonok.example.toml describes every key"))
        sys.exit(FAILED)
    configure_logs(msgspec.structs.replace(config.log, level="error"), "doctor")
    _show(Finding(f"configuration {config_file or 'of built-in defaults'}"))
    if not asyncio.run(_examine(config)):
        sys.exit(FAILED)


async def _examine(config: Config) -> bool:
    # aiortc pulls PyAV in: a second of start-up that no other command should pay
    from zvonok.doctor_media import media_path  # noqa: PLC0415 - see above

    now = datetime.now(UTC)  # noqa: TID251 - the shell reads the clock
    findings = [*ports(config), data_directory(config), await database(config), certificate(config, now), clock(now)]
    for finding in findings:
        _show(finding)
    findings.append(await media_path(config))
    _show(findings[-1])
    return all_well(findings)


def _show(finding: Finding) -> None:
    click.echo(f"{'✓' if finding.well else '✗'} {finding.what}")
    if not finding.well:
        click.echo(f"  → {finding.mend}")
