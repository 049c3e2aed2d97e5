// Where the media node can be reached, as the candidates of its answer say (RFC 8839 §5.1), and an answer that names one
// protocol only. Pure; used by the check of a line, which learns so what gets through.

export type Protocol = 'udp' | 'tcp';

export interface Endpoint {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
}

const CANDIDATE = /^a=candidate:\S+ \d+ (\S+) \d+ (\S+) (\d+) typ /i;

function endpointOf(line: string): Endpoint | null {
  const [, protocol, address, port] = CANDIDATE.exec(line) ?? [];
  const known = protocol?.toLowerCase();
  if ((known !== 'udp' && known !== 'tcp') || address === undefined) return null;
  return { protocol: known, address, port: Number(port) };
}

const linesOf = (sdp: string): string[] => sdp.split('\r\n');

/** Each once, in the order of the answer. */
export function endpointsOf(sdp: string): readonly Endpoint[] {
  const found = linesOf(sdp).flatMap((line) => endpointOf(line) ?? []);
  return found.filter(
    ({ protocol, address, port }, index) =>
      index ===
      found.findIndex(
        (other) => other.protocol === protocol && other.address === address && other.port === port,
      ),
  );
}

/** The same answer without the candidates of the other protocol. */
export function only(protocol: Protocol, sdp: string): string {
  return linesOf(sdp)
    .filter((line) => (endpointOf(line)?.protocol ?? protocol) === protocol)
    .join('\r\n');
}
