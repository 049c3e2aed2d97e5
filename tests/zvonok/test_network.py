"""Addresses of this machine and ports that are free on it."""

import socket
from ipaddress import ip_address

from zvonok.network import (
    PICKED_PORTS,
    machine_addresses,
    media_port_is_free,
    pick_media_port,
    pick_tcp_port,
    tcp_port_is_free,
)


def test_loopback_comes_first_and_every_address_can_be_bound() -> None:
    addresses = machine_addresses()
    assert addresses[0] == "127.0.0.1"
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))


def test_picked_ports_are_free_and_outside_of_what_the_kernel_lends() -> None:
    port, media_port = pick_tcp_port("127.0.0.1"), pick_media_port()
    assert {port, media_port} <= set(PICKED_PORTS)
    assert tcp_port_is_free("127.0.0.1", port)
    assert media_port_is_free(media_port)


def test_a_port_that_is_held_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not tcp_port_is_free("127.0.0.1", server.getsockname()[1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        assert not media_port_is_free(holder.getsockname()[1])


def test_a_port_that_is_held_over_tcp_alone_is_no_media_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not media_port_is_free(server.getsockname()[1])
