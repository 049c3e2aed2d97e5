"""A firewall in a network of the test's own that lets no UDP to or from the media port, as many schools and hotels
have it, or one of the two families of addresses not at all.

Needs nftables beside what `network.py` needs.
"""

from dataclasses import dataclass
from typing import Literal

from tests.e2e.browsers import executable
from tests.e2e.network import Network
from tests.e2e.processes import output_of

# «drop»: nobody hears of it. «reject»: who sends is told so by ICMP.
Verdict = Literal["drop", "reject"]
Family = Literal["ipv4", "ipv6"]


@dataclass(frozen=True)
class Firewall:
    network: Network
    port: int

    async def block_udp(self, verdict: Verdict = "drop") -> None:
        await self._nft(
            "add table inet firewall; "
            "add chain inet firewall passes { type filter hook input priority 0; }; "
            f"add rule inet firewall passes udp dport {self.port} {verdict}; "
            f"add rule inet firewall passes udp sport {self.port} drop"
        )

    async def close(self, family: Family) -> None:
        """Nothing of this family of addresses reaches the media port, and nobody hears of it."""
        rules = (f"meta nfproto {family} {protocol} dport {self.port} drop" for protocol in ("udp", "tcp"))
        await self._nft(
            "add table inet firewall; "
            "add chain inet firewall passes { type filter hook input priority 0; }; "
            + "; ".join(f"add rule inet firewall passes {rule}" for rule in rules)
        )

    async def let_udp(self) -> None:
        await self._nft("delete table inet firewall")

    async def _nft(self, commands: str) -> None:
        await output_of(*self.network.inside, executable("nft"), commands)
