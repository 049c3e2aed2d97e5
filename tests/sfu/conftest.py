"""What several tests of the media node share: certificates, which are made once, and a room of two."""

import datetime

import pytest

from sfu.dtls import DtlsIdentity
from tests.sfu.room_stage import ANNA, BORIS, Stage

NOON = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="session")
def server_identity() -> DtlsIdentity:
    return DtlsIdentity(NOON)


@pytest.fixture(scope="session")
def client_identity() -> DtlsIdentity:
    return DtlsIdentity(NOON)


@pytest.fixture
def stage(server_identity: DtlsIdentity, client_identity: DtlsIdentity) -> Stage:
    return Stage(server_identity, client_identity)


@pytest.fixture
def pair(stage: Stage) -> Stage:
    stage.set_room(ANNA, BORIS)
    stage.join("anna")
    stage.join("boris")
    return stage
