"""Programs that the end-to-end tests run to their end."""

import asyncio


async def output_of(*command: str) -> str:
    """What it wrote. Raises RuntimeError with its last words when it failed."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {err.decode()[-400:]}")
    return out.decode()
