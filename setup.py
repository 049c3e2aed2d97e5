"""Build steps that pyproject.toml cannot say: the web client is built into signaling/static for wheels.

An installed source tree builds it with npm when it is missing; `ZVONOK_SKIP_WEB=1` leaves it out (the Makefile
builds it by itself), and without npm a source distribution that carries the built files is complete.
"""

import os
import shutil
import subprocess
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent


class BuildWithWeb(build_py):
    def run(self) -> None:
        self.build_web()
        super().run()

    def build_web(self) -> None:
        built = ROOT / "signaling" / "static" / "index.html"
        skipped = os.environ.get("ZVONOK_SKIP_WEB") == "1"  # noqa: TID251 - the build reads its own switch
        if skipped or built.exists() or not (ROOT / "web" / "package.json").exists():
            return
        npm = shutil.which("npm")
        if npm is None:
            self.warn("npm is missing: the package is built without the web client")
            return
        for command in (["ci"], ["run", "build"]):
            subprocess.run([npm, *command], cwd=ROOT / "web", check=True)  # noqa: S603 - fixed words


setup(cmdclass={"build_py": BuildWithWeb})
