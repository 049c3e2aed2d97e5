// One PeerConnection to a test room of the media node, which sends back what it is sent: the tone once, the picture four
// times. It counts what went and came; state/line.ts makes a line of it. Used by the check of a line.

import type { CheckOffer } from '../../protocol/documents';
import type { LineSample } from '../../state/line';
import { preferCodecs } from './peer';
import type { TestMedia } from './test-media';

const COPIES = 4;
/** That of the largest layer of a camera. */
const FULL_BPS = 1_500_000;

type Parameters = RTCRtpSendParameters & { degradationPreference?: RTCDegradationPreference };

interface Counted {
  readonly type: string;
  readonly kind?: string;
  readonly state?: string;
  readonly nominated?: boolean;
  readonly bytesSent?: number;
  readonly packetsSent?: number;
  readonly bytesReceived?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly currentRoundTripTime?: number;
  readonly roundTripTime?: number;
}

/** Chromium begins with 300 kbit/s and may take long to find more; told so, it begins with a full line and takes back. */
const quick = (answer: string): string =>
  answer.replace(
    /^a=rtpmap:(\d+) VP8\/90000\r\n/gm,
    (line, type: string) => `${line}a=fmtp:${type} x-google-start-bitrate=${FULL_BPS / 1000}\r\n`,
  );

const sum = (entries: readonly Counted[], key: 'bytesSent' | 'packetsSent' | 'bytesReceived'): number =>
  entries.reduce((total, entry) => total + (entry[key] ?? 0), 0);
/** Recovered packets can make a total of lost ones fall below zero. */
const total = (entries: readonly Counted[], key: 'packetsReceived' | 'packetsLost'): number =>
  Math.max(
    0,
    entries.reduce((all, entry) => all + (entry[key] ?? 0), 0),
  );

/** From checks of ICE where the browser says it, else from the node's reports. */
function delayOf(pairs: readonly Counted[], reports: readonly Counted[]): number | null {
  const seconds = [
    ...pairs.map((pair) => pair.currentRoundTripTime),
    ...reports.map((one) => one.roundTripTime),
  ];
  const known = seconds.find((value) => value !== undefined && value > 0);
  return known === undefined ? null : known * 1000;
}

export class LinePeer {
  private readonly pc = new RTCPeerConnection({ iceServers: [], bundlePolicy: 'max-bundle' });
  private readonly picture: RTCRtpTransceiver;
  private readonly tone: RTCRtpTransceiver;
  private readonly audio: RTCRtpTransceiver;
  private readonly copies: readonly RTCRtpTransceiver[];

  constructor(media: TestMedia) {
    this.tone = this.pc.addTransceiver(media.tone, { direction: 'sendonly' });
    this.picture = this.pc.addTransceiver(media.picture, {
      direction: 'sendonly',
      sendEncodings: [{ active: false, maxBitrate: FULL_BPS }],
    });
    this.audio = this.pc.addTransceiver('audio', { direction: 'recvonly' });
    this.copies = Array.from({ length: COPIES }, () =>
      this.pc.addTransceiver('video', { direction: 'recvonly' }),
    );
    for (const transceiver of [this.tone, this.audio]) preferCodecs(transceiver, 'audio');
    for (const transceiver of [this.picture, ...this.copies]) preferCodecs(transceiver, 'video');
  }

  async offer(): Promise<CheckOffer> {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    const mid = (transceiver: RTCRtpTransceiver): string => transceiver.mid ?? '';
    return {
      sdp: this.pc.localDescription?.sdp ?? '',
      publish: { microphone: mid(this.tone), camera: mid(this.picture) },
      audio_slots: [mid(this.audio)],
      video_slots: this.copies.map(mid),
    };
  }

  /** Whether the answer leads to a connection in time. */
  async connect(answer: string, withinMs: number): Promise<boolean> {
    try {
      await this.pc.setRemoteDescription({ type: 'answer', sdp: quick(answer) });
    } catch {
      return false;
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), withinMs);
      const look = (): void => {
        const { connectionState } = this.pc;
        if (connectionState !== 'connected' && connectionState !== 'failed') return;
        clearTimeout(timer);
        resolve(connectionState === 'connected');
      };
      this.pc.onconnectionstatechange = look;
      look();
    });
  }

  get isUp(): boolean {
    return this.pc.connectionState === 'connected';
  }

  /** From here on the picture goes out, too. */
  async fill(): Promise<void> {
    const { sender } = this.picture;
    // Firefox would begin with a quarter of the picture, and not find in time that there is room for more.
    const parameters: Parameters = {
      ...sender.getParameters(),
      degradationPreference: 'maintain-resolution',
    };
    for (const encoding of parameters.encodings) encoding.active = true;
    await sender.setParameters(parameters);
  }

  async sample(): Promise<LineSample> {
    const all: Counted[] = [];
    (await this.pc.getStats()).forEach((entry: Counted) => all.push(entry));
    const of = (type: string) => all.filter((entry) => entry.type === type);
    const [sent, received, reports] = [of('outbound-rtp'), of('inbound-rtp'), of('remote-inbound-rtp')];
    const pairs = of('candidate-pair').filter(
      ({ state, nominated }) => state === 'succeeded' && nominated === true,
    );
    return {
      atMs: performance.now(),
      upBytes: sum(sent, 'bytesSent'),
      upPackets: sum(sent, 'packetsSent'),
      upLost: total(reports, 'packetsLost'),
      downBytes: sum(received, 'bytesReceived'),
      downPackets: total(received, 'packetsReceived'),
      downLost: total(received, 'packetsLost'),
      delayMs: delayOf(pairs, reports),
    };
  }

  close(): void {
    this.pc.onconnectionstatechange = null;
    this.pc.close();
  }
}
