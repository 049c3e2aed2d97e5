"""Configuration: what is read from where, and everything that must not start. Exit code 2, one line, key and file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from zvonok.cli import main
from zvonok.config import as_environment, keys
from zvonok.example import example
from zvonok.failures import ConfigError
from zvonok.loading import load

EXAMPLE = Path(__file__).parents[2] / "zvonok" / "zvonok.example.toml"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "zvonok.toml"


def write_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509
        .CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


BAD_FILES = [
    ("unknown section", "[htp]\nport = 1", "htp"),
    ("unknown key", "[http]\nprot = 1", "http.prot"),
    ("key outside of a section", "port = 1", "port"),
    ("section that is a value", "http = 1", "http"),
    ("text for a number", '[http]\nport = "8080"', "http.port"),
    ("number for a text", "[school]\nname = 5", "school.name"),
    ("text for a list", '[media]\naddresses = "127.0.0.1"', "media.addresses"),
    ("list of numbers", "[media]\nannounce = [1]", "media.announce"),
    ("boolean for a number", "[media]\nport = true", "media.port"),
    ("port too large", "[http]\nport = 65536", "http.port"),
    ("negative port", "[media]\nport = -1", "media.port"),
    ("number beyond 64 bits", "[http]\nport = 9223372036854775808", "http.port"),
    ("not a number", "[children]\nminutes_without_adult = nan", "children.minutes_without_adult"),
    ("minutes too many", "[children]\nminutes_without_adult = 61", "children.minutes_without_adult"),
    ("adults of an unknown kind", '[children]\nadults = "parents"', "children.adults"),
    ("adults that are many", '[children]\nadults = ["teacher", "staff"]', "children.adults"),
    ("two adults as a yes", "[children]\ntwo_adults = true", "children.two_adults"),
    ("two adults in an unknown way", '[children]\ntwo_adults = "warn"', "children.two_adults"),
    ("unknown level", '[log]\nlevel = "loud"', "log.level"),
    ("unknown format", '[log]\nformat = "xml"', "log.format"),
    ("empty name", '[school]\nname = ""', "school.name"),
    ("unknown zone", '[school]\nzone = "Europe/Atlantis"', "school.zone"),
    ("zone that is a path", '[school]\nzone = "../../etc/passwd"', "school.zone"),
    ("name for an address", '[http]\nhost = "localhost"', "http.host"),
    ("network for an address", '[media]\naddresses = ["10.0.0.1/24"]', "media.addresses"),
    ("address with a typo", '[media]\nannounce = ["203.0.113.256"]', "media.announce"),
    ("address of nobody", '[media]\nannounce = ["0.0.0.0"]', "media.announce"),
    ("every address", '[media]\naddresses = ["0.0.0.0"]', "media.addresses"),
    ("address of another machine", '[media]\naddresses = ["192.0.2.77"]', "media.addresses"),
    ("plain HTTP to the world", '[http]\nhost = "0.0.0.0"', "http.host"),
    ("plain HTTP to the world by IPv6", '[http]\nhost = "::"', "http.host"),
    ("metrics to the world", '[metrics]\nhost = "0.0.0.0"', "metrics.host"),
    ("public address without a scheme", '[http]\npublic_url = "school.example"', "http.public_url"),
    ("public address with a path", '[http]\npublic_url = "https://school.example/zvonok"', "http.public_url"),
    ("public address with a password", '[http]\npublic_url = "https://a:b@school.example"', "http.public_url"),
    ("public address in the clear", '[http]\npublic_url = "http://school.example"', "http.public_url"),
    ("public address that is none", '[http]\npublic_url = "https://[::1"', "http.public_url"),
    ("origin that is no origin", '[http]\nallowed_origins = ["*"]', "http.allowed_origins"),
    ("certificate without a key", '[http]\ntls_certificate = "zvonok.toml"', "http.tls_key"),
    ("key without a certificate", '[http]\ntls_key = "zvonok.toml"', "http.tls_certificate"),
    (
        "certificate file that is missing",
        '[http]\ntls_certificate = "no.pem"\ntls_key = "zvonok.toml"',
        "http.tls_certificate",
    ),
    ("key file that is missing", '[http]\ntls_certificate = "zvonok.toml"\ntls_key = "no.key"', "http.tls_key"),
    (
        "certificate that is none",
        '[http]\ntls_certificate = "zvonok.toml"\ntls_key = "zvonok.toml"',
        "http.tls_certificate",
    ),
    ("two parts on one port", "[http]\nport = 9000\n[media]\nport = 9000", "media.port"),
    ("metrics on the port of pages", "[http]\nport = 9000\n[metrics]\nsfu_port = 9000", "metrics.sfu_port"),
    ("data in what is a file", '[data]\ndir = "zvonok.toml"', "data.dir"),
    ("data where nobody may write", '[data]\ndir = "/proc/zvonok"', "data.dir"),
    ("another kind of database", '[database]\nurl = "mysql://localhost/x"', "database.url"),
    ("database without a path", '[database]\nurl = "sqlite+aiosqlite:///"', "database.url"),
    ("database in no directory", '[database]\nurl = "sqlite+aiosqlite:////no/such/x.sqlite3"', "database.url"),
    ("no TOML", "[http", ""),
    ("no text", "\udcff\udcfe", ""),
]


@pytest.mark.parametrize("command", ["serve", "run-signaling", "run-sfu"])
@pytest.mark.parametrize(("text", "key"), [row[1:] for row in BAD_FILES], ids=[row[0] for row in BAD_FILES])
def test_a_bad_file_is_refused_by_key_and_file(file: Path, command: str, text: str, key: str) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    result = CliRunner().invoke(main, [command, "--config", str(file)], env={})
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"zvonok: {file}: {key}")


def test_a_missing_file_is_refused_by_its_name(file: Path) -> None:
    result = CliRunner().invoke(main, ["serve", "--config", str(file)])
    assert result.exit_code == 2
    assert result.stderr == f"zvonok: {file}: cannot be read: No such file or directory\n"


BAD_VARIABLES = [
    ("ZVONOK_HTTP_PORT", "eighty", "http.port"),
    ("ZVONOK_HTTP_PORT", "", "http.port"),
    ("ZVONOK_HTTP_PORT", "80 80", "http.port"),
    ("ZVONOK_MEDIA_ADDRESSES", "127.0.0.1,nonsense", "media.addresses"),
    ("ZVONOK_HTTP_HOST", "0.0.0.0", "http.host"),  # noqa: S104 - refused
    ("ZVONOK_SCHOOL_ZONE", "Moscow", "school.zone"),
    ("ZVONOK_CHILDREN_TWO_ADULTS", "yes", "children.two_adults"),
    ("ZVONOK_HTTP_PROT", "80", ""),
    ("ZVONOK_NONSENSE", "1", ""),
]


@pytest.mark.parametrize(("variable", "value", "key"), BAD_VARIABLES)
def test_a_bad_variable_is_refused_by_its_name_and_key(tmp_path: Path, variable: str, value: str, key: str) -> None:
    environment = {"ZVONOK_DATA_DIR": str(tmp_path), variable: value}
    result = CliRunner().invoke(main, ["serve"], env=environment)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert variable in line
    assert key in line


def test_a_secret_that_stands_in_the_wrong_place_is_not_said_again(file: Path) -> None:
    file.write_text('[http]\nport = "hunter2-hunter2"')
    assert "hunter2" not in CliRunner().invoke(main, ["serve", "--config", str(file)]).output


def test_variables_win_over_the_file_and_the_file_over_defaults(file: Path) -> None:
    file.write_text('[http]\nport = 8081\n[school]\nname = "Лицей"')
    config = load(file, {"ZVONOK_HTTP_PORT": "8082", "ZVONOK_MEDIA_ANNOUNCE": "203.0.113.1, 2001:db8::1", "HOME": "/"})
    assert (config.http.port, config.school.name, config.media.port) == (8082, "Лицей", 10000)
    assert config.media.announce == ["203.0.113.1", "2001:db8::1"]


def test_switches_of_build_and_tests_are_no_keys(file: Path) -> None:
    file.touch()
    assert load(file, {"ZVONOK_SKIP_WEB": "1", "ZVONOK_TEST_LOG": "1"}) == load(file, {})


def test_relative_paths_start_at_the_file(file: Path) -> None:
    file.write_text('[data]\ndir = "kept"')
    config = load(file, {})
    assert config.data.dir == str(file.parent / "kept")
    assert config.database.url == f"sqlite+aiosqlite:///{file.parent}/kept/zvonok.sqlite3"
    assert (file.parent / "kept").stat().st_mode & 0o777 == 0o700


def test_another_process_reads_the_very_same_from_the_environment(file: Path) -> None:
    certificate, key = write_certificate(file.parent, "school.example")
    file.write_text(
        f'[school]\nname = "Школа, «Кленовая роща»"\n[http]\nhost = "0.0.0.0"\npublic_url = "https://school.example"\n'
        f'tls_certificate = "{certificate.name}"\ntls_key = "{key}"\nallowed_origins = ["https://a.example"]\n'
        f'[media]\naddresses = ["127.0.0.1"]\n[children]\nminutes_without_adult = 0.5\n'
        'adults = "teacher"\ntwo_adults = "stop"\n'
    )
    config = load(file, {})
    assert config.http.tls_certificate == str(certificate)
    assert load(None, as_environment(config)) == config


def test_a_key_of_another_certificate_is_refused(file: Path) -> None:
    certificate, _ = write_certificate(file.parent, "one")
    _, key = write_certificate(file.parent, "other")
    file.write_text(f'[http]\ntls_certificate = "{certificate}"\ntls_key = "{key}"')
    with pytest.raises(ConfigError, match=r"http\.tls_certificate"):
        load(file, {})


def test_the_world_needs_a_public_address(file: Path) -> None:
    certificate, key = write_certificate(file.parent, "one")
    file.write_text(f'[http]\nhost = "0.0.0.0"\ntls_certificate = "{certificate}"\ntls_key = "{key}"')
    with pytest.raises(ConfigError, match=r"http\.public_url"):
        load(file, {})


def test_the_example_file_is_what_the_descriptions_say() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == example(), "python -m zvonok.example > zvonok/zvonok.example.toml"


def test_the_example_file_holds_every_key_with_its_default(tmp_path: Path) -> None:
    file = tmp_path / "zvonok.toml"
    file.write_text(example(), encoding="utf-8")
    (tmp_path / "empty.toml").touch()
    assert load(file, {}) == load(tmp_path / "empty.toml", {})
    assert all(f"\n{key.name} = " in example() and key.variable in example() for key in keys())


def test_every_key_is_described() -> None:
    assert [key.path for key in keys() if not key.description.endswith(".")] == []
