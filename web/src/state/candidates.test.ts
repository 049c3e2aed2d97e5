import { describe, expect, it } from 'vitest';
import { endpointsOf, only } from './candidates';

const section = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=candidate:1 1 udp 2130706431 192.0.2.7 10000 typ host',
  'a=candidate:2 1 TCP 1671430143 192.0.2.7 10000 typ host tcptype passive',
  'a=candidate:3 1 udp 2130706175 2001:db8::7 10000 typ host',
  'a=candidate:4 1 sctp 1 192.0.2.7 10000 typ host',
  'a=end-of-candidates',
];
const answer = ['v=0', ...section, ...section, ''].join('\r\n');

describe('the candidates of an answer', () => {
  it('say where the node can be reached, each place once', () => {
    expect(endpointsOf(answer)).toEqual([
      { protocol: 'udp', address: '192.0.2.7', port: 10000 },
      { protocol: 'tcp', address: '192.0.2.7', port: 10000 },
      { protocol: 'udp', address: '2001:db8::7', port: 10000 },
    ]);
    expect(endpointsOf('v=0\r\n')).toEqual([]);
  });

  it('can be left to one protocol, with everything else as it was', () => {
    expect(endpointsOf(only('tcp', answer)).map(({ protocol }) => protocol)).toEqual(['tcp']);
    expect(endpointsOf(only('udp', answer)).map(({ protocol }) => protocol)).toEqual(['udp', 'udp']);
    const others = (sdp: string) => sdp.split('\r\n').filter((line) => !/ (udp|tcp) /i.test(line));
    expect(others(only('tcp', answer))).toEqual(others(answer));
  });
});
