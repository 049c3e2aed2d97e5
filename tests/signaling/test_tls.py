"""Over TLS: the cookie that only this host can have set, and no way back to plain HTTP."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import aiohttp
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from signaling.app import SignalingSettings, origins_of, serving
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town


def write_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "school.test")])
    start = datetime.now(UTC) - timedelta(hours=1)  # noqa: TID251 - a certificate is valid by the real clock
    certificate = (
        x509
        .CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encoding, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(encoding, private, serialization.NoEncryption()))
    return certificate_file, key_file


async def test_the_session_cookie_is_of_this_host_and_secure(
    settings: SignalingSettings, town: Town, media_node: NodeDouble, tmp_path: Path
) -> None:
    certificate, key = write_certificate(tmp_path)
    over_tls = msgspec.structs.replace(
        settings,
        public_url=settings.public_url.replace("http://", "https://"),
        tls_certificate=str(certificate),
        tls_key=str(key),
    )
    trust = ssl.create_default_context(cafile=str(certificate))
    async with serving(over_tls), aiohttp.ClientSession(over_tls.public_url) as http:
        path = f"/demo/sign-in/{town.artyom.id}"
        async with http.get(path, ssl=trust, allow_redirects=False) as response:
            cookie = response.cookies["__Host-zvonok"]
            assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")
            assert response.headers["Strict-Transport-Security"].startswith("max-age=")
        async with http.get("/api/me", ssl=trust, headers={"Cookie": f"zvonok={cookie.value}"}) as response:
            assert response.status == 401, "the cookie of plain HTTP opens nothing here"
        async with http.get("/api/me", ssl=trust, headers={"Cookie": f"__Host-zvonok={cookie.value}"}) as response:
            assert response.status == 200


def test_the_origins_are_the_sites_own_and_those_of_the_configuration(settings: SignalingSettings) -> None:
    public = msgspec.structs.replace(
        settings, public_url="https://school.example", allowed_origins=["https://lessons.example"]
    )
    assert origins_of(public) == {"https://school.example", "https://lessons.example"}
    local = msgspec.structs.replace(settings, public_url="http://localhost:8080")
    assert origins_of(local) == {"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"}
