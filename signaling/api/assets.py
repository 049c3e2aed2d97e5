"""The built web client: every file in memory from the start, so that no path of a request ever names a file.

Pages (`/`, `/check`, `/lessons/<id>`) are all index.html; the client draws the right one, and one for dead links. Files
under /assets/ carry a hash in their name and never change. The policy allows this origin only, and nothing inline.
"""

import gzip
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from aiohttp import web

from signaling.api.context import CONTEXT
from signaling.api.refusing import HttpRefused

# As the client's router has them (web/src/ui/router.ts).
PAGES: Final = (
    "/",
    "/check",
    "/check/",
    "/lessons/{lesson:[A-Za-z0-9_-]{1,64}}",
    "/lessons/{lesson:[A-Za-z0-9_-]{1,64}}/",
)
INDEX: Final = "/index.html"
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_SMALLEST_TO_PACK: Final = 1024
# Beside a file, packed by the build (web/vite.config.ts).
_BROTLI: Final = ".br"
_PACKED_TYPES: Final = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/manifest")


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    # Coding of RFC 9110 → the body in it, the smallest first.
    packed: dict[str, bytes]
    content_type: str
    etag: str
    cache_control: str


Assets = dict[str, Asset]
ASSETS: Final = web.AppKey("assets", Assets)
POLICY: Final = web.AppKey("content_security_policy", str)


def content_security_policy(origins: Iterable[str]) -> str:
    """`'self'` does not cover ws: in every browser, so the origins' WebSockets are named, apart from those of an IPv6
    address, for which a policy has no words. WebAssembly takes noise out of a voice in an audio worklet, which is under
    the page's policy; scripts that are made of text stay forbidden."""
    sockets = " ".join(sorted(origin.replace("http", "ws", 1) for origin in origins if "[" not in origin))
    return (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; "
        f"media-src 'self'; manifest-src 'self'; connect-src 'self' {sockets}; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; object-src 'none'"
    )


def load_assets(folder: Path) -> Assets:
    if not folder.is_dir():
        return {}
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != _BROTLI]
    return {f"/{path.relative_to(folder).as_posix()}": _load(path, folder) for path in found}


def _load(path: Path, folder: Path) -> Asset:
    body = path.read_bytes()
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = _pack(path, body) if len(body) >= _SMALLEST_TO_PACK and content_type.startswith(_PACKED_TYPES) else {}
    hashed = path.is_relative_to(folder / "assets")
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    return Asset(body, packed, content_type, etag, _FOREVER if hashed else _ASK_AGAIN)


def _pack(path: Path, body: bytes) -> dict[str, bytes]:
    beside = path.with_name(path.name + _BROTLI)
    brotli = {"br": beside.read_bytes()} if beside.is_file() else {}
    return {**brotli, "gzip": gzip.compress(body, mtime=0)}


async def get_page(request: web.Request) -> web.Response:
    return _answer(request, INDEX)


async def get_asset(request: web.Request) -> web.Response:
    """A file of the client by its exact path, or the client's own page for a dead link."""
    if request.path in request.app[ASSETS]:
        return _answer(request, request.path)
    if "text/html" not in request.headers.get("Accept", "") or request.path.startswith(("/api/", "/assets/", "/demo/")):
        raise HttpRefused("not_found", "no such path")
    return _answer(request, INDEX, status=404)


def _answer(request: web.Request, path: str, status: int = 200) -> web.Response:
    asset = request.app[ASSETS].get(path)
    if asset is None:
        raise HttpRefused("unavailable", "the web client is not built (make web)")
    headers = {"ETag": asset.etag, "Cache-Control": asset.cache_control, "Vary": "Accept-Encoding"}
    if path == INDEX:
        headers["Content-Security-Policy"] = request.app[POLICY]
    if status == 200 and request.headers.get("If-None-Match") == asset.etag:
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = asset.content_type + ("; charset=utf-8" if asset.packed or path == INDEX else "")
    body = asset.body
    accepted = {coding.partition(";")[0].strip() for coding in request.headers.get("Accept-Encoding", "").split(",")}
    coding = next((coding for coding in asset.packed if coding in accepted), None)
    if coding is not None:
        body = asset.packed[coding]
        headers["Content-Encoding"] = coding
    return web.Response(status=status, body=body, headers=headers)


def add_assets(app: web.Application, folder: Path) -> None:
    app[ASSETS] = load_assets(folder)
    app[POLICY] = content_security_policy(app[CONTEXT].allowed_origins)
    for path in PAGES:
        app.router.add_get(path, get_page)
    app.router.add_get("/{path:.*}", get_asset)
