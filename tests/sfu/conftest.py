"""What several tests of the media node share: certificates are made once."""

import datetime

import pytest

from sfu.dtls import DtlsIdentity

NOON = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="session")
def server_identity() -> DtlsIdentity:
    return DtlsIdentity(NOON)


@pytest.fixture(scope="session")
def client_identity() -> DtlsIdentity:
    return DtlsIdentity(NOON)
