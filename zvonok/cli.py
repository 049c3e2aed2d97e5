"""The command line: `zvonok serve`, `zvonok demo`, `zvonok doctor`, and the processes that the supervisor starts.

Each command is a module of its own, imported when it is asked for, so that a process loads its own parts only.
"""

import importlib

import click
from typing_extensions import override

_COMMANDS = {
    "demo": "zvonok.demo:demo",
    "doctor": "zvonok.doctor:doctor",
    "serve": "zvonok.serve:serve",
    "run-sfu": "zvonok.run_sfu:run_sfu",
    "run-signaling": "zvonok.run_signaling:run_signaling",
}

_EXIT_CODES = """\b
Exit codes:
  0  ended as it was asked to, or all checks passed
  1  could not start, or a check of the doctor failed
  2  wrong arguments or wrong configuration; one line on standard error names the key and the file
"""


class CommandsByModule(click.Group):
    """Imports the module of a command when the command is looked up."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in _COMMANDS if not name.startswith("run-")]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=CommandsByModule, epilog=_EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zvonok")
def main() -> None:
    """Zvonok: video lessons that a school runs itself."""
