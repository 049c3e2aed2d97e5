// One PeerConnection of this client: senders for microphone, camera, screen and its sound from the start, filled by
// replaceTrack, and a fixed pool of receive slots onto which the media node maps sources. swap.ts makes them, one beside the other
// when the media node changes; only the client offers.

import type { MediaOffer } from '../../protocol/messages';
import { slotKey } from '../../state/tiles';
import type { Received } from './dark';
import { fitScreen, screenEncodings } from './screencast';
import { cameraEncodings, fitEncoding, fitVoice } from './simulcast';
import { availableBps, Uplink } from './uplink';

export type TrackKind = 'microphone' | 'camera' | 'screen' | 'screen_sound';
export type OwnTracks = Readonly<Record<TrackKind, MediaStreamTrack | null>>;

export interface ReceiveSlot {
  readonly mid: string;
  readonly receiver: RTCRtpReceiver;
}

/** Called for every video slot in the task that made it: Chromium takes a transform at no other time. */
export type GateReceiver = (receiver: RTCRtpReceiver, index: number) => void;

const AUDIO_SLOTS = 4;
const VIDEO_SLOTS = 10;
const UPLINK_INTERVAL_MS = 1_000;
const KINDS: readonly TrackKind[] = ['microphone', 'camera', 'screen', 'screen_sound'];

/** Only what the room speaks: an offer with every codec of the browser is twice as long. */
export function preferCodecs(transceiver: RTCRtpTransceiver, kind: 'audio' | 'video'): void {
  const names = kind === 'audio' ? ['audio/opus'] : ['video/vp8', 'video/rtx'];
  const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  const wanted = codecs.filter(({ mimeType }) => names.includes(mimeType.toLowerCase()));
  if (wanted.length > 0) transceiver.setCodecPreferences(wanted);
}

function addSender(pc: RTCPeerConnection, kind: TrackKind): RTCRtpTransceiver {
  const medium = kind === 'camera' || kind === 'screen' ? 'video' : 'audio';
  const init: RTCRtpTransceiverInit = { direction: 'sendonly' };
  if (kind === 'camera') init.sendEncodings = cameraEncodings();
  if (kind === 'screen') init.sendEncodings = screenEncodings();
  const transceiver = pc.addTransceiver(medium, init);
  preferCodecs(transceiver, medium);
  return transceiver;
}

export class Peer {
  readonly pc: RTCPeerConnection;
  private readonly senders = new Map<TrackKind, RTCRtpTransceiver>();
  private readonly audio: RTCRtpTransceiver[] = [];
  private readonly video: RTCRtpTransceiver[] = [];
  private sending: Promise<void> = Promise.resolve();
  private isAnswered = false;
  private readonly uplink = new Uplink();
  private readonly uplinkTimer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly connection: number,
    publishes: boolean,
    gate: GateReceiver,
  ) {
    this.pc = new RTCPeerConnection({ iceServers: [], bundlePolicy: 'max-bundle' });
    if (publishes) {
      for (const kind of KINDS) this.senders.set(kind, addSender(this.pc, kind));
      this.uplinkTimer = setInterval(() => void this.watchUplink(), UPLINK_INTERVAL_MS);
    }
    for (let slot = 0; slot < AUDIO_SLOTS; slot += 1) this.audio.push(this.addSlot('audio'));
    for (let slot = 0; slot < VIDEO_SLOTS; slot += 1) {
      const transceiver = this.addSlot('video');
      gate(transceiver.receiver, slot);
      this.video.push(transceiver);
    }
  }

  /** Sets the local description and gives it to be sent; candidates need not be waited for, the media node is ICE-lite. */
  async offer(iceRestart = false): Promise<MediaOffer> {
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart }));
    const publish: Record<string, string> = {};
    for (const [kind, { mid }] of this.senders) if (mid !== null) publish[kind] = mid;
    return {
      connection: this.connection,
      sdp: this.pc.localDescription?.sdp ?? '',
      publish,
      audio_slots: this.audioSlots.map(({ mid }) => mid),
      video_slots: this.videoSlots.map(({ mid }) => mid),
    };
  }

  /** False when the browser does not take the answer. Chromium switches every layer on with a later one, whatever was sent. */
  async accept(answer: string): Promise<boolean> {
    try {
      await this.pc.setRemoteDescription({ type: 'answer', sdp: answer });
    } catch {
      return false;
    }
    if (this.isAnswered) for (const kind of KINDS) void this.refit(kind);
    this.isAnswered = true;
    return true;
  }

  /** Of those that the offer has named. */
  get audioSlots(): readonly ReceiveSlot[] {
    return this.audio.flatMap(({ mid, receiver }) => (mid === null ? [] : [{ mid, receiver }]));
  }

  get videoSlots(): readonly ReceiveSlot[] {
    return this.video.flatMap(({ mid, receiver }) => (mid === null ? [] : [{ mid, receiver }]));
  }

  /** Puts a track into its sender, or takes it out; the same once more when the way it is sent has changed. One after the
   *  other, so that the last call is what stays. */
  send(kind: TrackKind, track: MediaStreamTrack | null): Promise<void> {
    return this.inTurn(() => this.replace(kind, track));
  }

  sendAll(tracks: OwnTracks): void {
    for (const kind of KINDS) void this.send(kind, tracks[kind]);
  }

  /** The line has changed, or the browser what it sends. What is sent by then is what counts: a track may be waiting to take another one's place. */
  refit(kind: TrackKind): Promise<void> {
    return this.inTurn(async () => {
      const sender = this.senders.get(kind)?.sender;
      if (sender) await this.fit(kind, sender, sender.track);
    });
  }

  /** By the keys of these video slots; what has received nothing is left out. */
  async received(keys: readonly string[]): Promise<ReadonlyMap<string, Received>> {
    const all = new Map<string, Received>();
    for (const { mid, receiver } of this.videoSlots) {
      const key = slotKey(this.connection, mid);
      if (!keys.includes(key)) continue;
      (await receiver.getStats()).forEach((entry: RTCStats) => {
        if (entry.type !== 'inbound-rtp') return;
        const { packetsReceived = 0, packetsLost = 0, framesDecoded = 0 } = entry as RTCInboundRtpStreamStats;
        all.set(key, { packets: packetsReceived, lost: packetsLost, frames: framesDecoded });
      });
    }
    return all;
  }

  close(): void {
    clearInterval(this.uplinkTimer);
    this.pc.close();
  }

  private inTurn(act: () => Promise<void>): Promise<void> {
    this.sending = this.sending.then(act).catch(() => undefined);
    return this.sending;
  }

  private async watchUplink(): Promise<void> {
    const microphone = this.senders.get('microphone')?.sender;
    if (!microphone || this.pc.connectionState !== 'connected') return;
    const bps = availableBps(await microphone.getStats());
    if (bps === null || !this.uplink.observe(bps, performance.now())) return;
    for (const kind of ['microphone', 'camera'] as const) void this.refit(kind);
  }

  private addSlot(kind: 'audio' | 'video'): RTCRtpTransceiver {
    const transceiver = this.pc.addTransceiver(kind, { direction: 'recvonly' });
    preferCodecs(transceiver, kind);
    return transceiver;
  }

  /** Firefox goes on sending the last picture of a sender without a track, so its encodings are switched off first. */
  private async replace(kind: TrackKind, track: MediaStreamTrack | null): Promise<void> {
    const sender = this.senders.get(kind)?.sender;
    if (!sender || this.pc.signalingState === 'closed' || (sender.track === null && track === null)) return;
    if (track === null) await this.fit(kind, sender, null);
    if (track !== sender.track) await sender.replaceTrack(track);
    if (track !== null) await this.fit(kind, sender, track);
  }

  private async fit(kind: TrackKind, sender: RTCRtpSender, track: MediaStreamTrack | null): Promise<void> {
    const parameters = sender.getParameters();
    if (parameters.encodings.length === 0) return;
    if (kind === 'screen') fitScreen(parameters, track);
    else if (kind === 'camera')
      for (const encoding of parameters.encodings) fitEncoding(encoding, track, this.uplink.isThin);
    else
      for (const encoding of parameters.encodings)
        fitVoice(encoding, track, this.uplink.isThin && kind === 'microphone');
    await sender.setParameters(parameters);
  }
}
