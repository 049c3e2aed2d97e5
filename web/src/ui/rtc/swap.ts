// The PeerConnections of one client over the life of a lesson: one at most times; two while a new one takes over from one
// whose media node is gone (media_reset, resumed.media_lost, no way found in time). Each tile moves at its first decoded frame, then the
// server is told to settle and the old one is closed. A changed network is an ICE restart of the same connection. Reoffers
// go through `Signal`; what is shown is slots.ts's business.

import type { Outcome } from '../../protocol/connection';
import type { MediaOffer, Reoffered } from '../../protocol/messages';
import { DarkPictures } from './dark';
import { Peer, type OwnTracks, type TrackKind } from './peer';
import type { Pictures } from './slots';
import type { Sound } from './sound';

export interface Signal {
  reoffer(offer: MediaOffer): Promise<Outcome<Reoffered>>;
  settle(connection: number): void;
  /** Tracks of this person that are on, for a connection that begins. */
  tracks(): OwnTracks;
  onMedia(media: 'up' | 'returning'): void;
  onConnected(): void;
  /** ICE hears nothing: if the network is gone, the channel is, too. */
  onDisconnected(): void;
}

type Wish = 'restart' | 'replace';

interface Made {
  readonly peer: Peer;
  readonly offer: Promise<MediaOffer>;
}

const DISCONNECTED_STAYS_MS = 2_000;
/** Another way to the same node is found in this time, or the connection is beyond help. */
const RESTART_WITHIN_MS = 4_000;
const CONNECT_WITHIN_MS = 8_000;
/** A picture that does not come on the new connection (its person left meanwhile) holds the old one no longer than this. */
const TAKE_OVER_WITHIN_MS = 5_000;
const TRY_AGAIN_MS = 1_000;
const LOOK_EVERY_MS = 1_000;
/** A node that is only just coming back: its reset may have passed before the offer. */
const NODE_AGAIN_MS = 500;

const nothing: OwnTracks = { microphone: null, camera: null, screen: null, screen_sound: null };

export class MediaLink {
  /** Oldest first; the last is the one that is used or being made. */
  private peers: Peer[] = [];
  private made = 0;
  /** Made while there is no way to the node, so that its offer is there when there is one. */
  private spare: Made | null = null;
  private wish: Wish | null = null;
  private busy = false;
  private wasUp = false;
  private signal: Signal | null = null;
  private timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly dark = new DarkPictures();

  constructor(
    private publishes: boolean,
    private readonly pictures: Pictures,
    private readonly sound: Sound,
  ) {}

  begin(signal: Signal): void {
    this.signal = signal;
  }

  /** Another PeerConnection, the first included, and its offer. */
  async prepare(): Promise<MediaOffer> {
    const { peer, offer } = this.spare ?? this.make();
    this.spare = null;
    this.peers.push(peer);
    peer.pc.oniceconnectionstatechange = () => this.stateChanged(peer);
    // Chromium's older state stays «disconnected» while an offer waits for its answer; this one says what DTLS says, too.
    peer.pc.onconnectionstatechange = () => {
      if (peer === this.newest && peer.pc.connectionState === 'failed') this.failed();
    };
    return offer;
  }

  /** The server's answer to the offer of the youngest connection. */
  async accept(answer: string): Promise<boolean> {
    const peer = this.newest;
    if (!peer || !(await peer.accept(answer))) return false;
    this.sound.play(peer.connection, peer.audioSlots);
    if (this.signal) peer.sendAll(this.signal.tracks());
    this.expectUp(peer, CONNECT_WITHIN_MS);
    return true;
  }

  send(kind: TrackKind, track: MediaStreamTrack | null): Promise<void> {
    return this.newest?.send(kind, track) ?? Promise.resolve();
  }

  /** Whether this person sends anything: a connection with or without senders takes over, while the one before goes on. */
  publish(on: boolean): void {
    if (on === this.publishes) return;
    this.publishes = on;
    this.dropSpare();
    this.wish = 'replace';
    void this.fulfil();
  }

  /** Another way to the same node. */
  restart(): void {
    this.wish ??= 'restart';
    void this.fulfil();
  }

  /** The node is another one. */
  replace(): void {
    this.wish = 'replace';
    this.tell('returning');
    void this.fulfil();
  }

  /** The channel is back: what could not be asked for meanwhile is asked for. After a silence ICE is restarted in any case:
   *  a browser looks every second only whether its old way is there again, and sends nothing before. */
  resumed(mediaLost: boolean, afterSilence: boolean): void {
    if (mediaLost) this.replace();
    else if (afterSilence || this.wish !== null || !this.newest || !this.isUp(this.newest)) this.restart();
  }

  /** Called when tiles have changed: the old connection may have been left by all. */
  picturesChanged(): void {
    const peer = this.newest;
    if (peer && this.peers.length > 1 && this.isUp(peer) && this.pictures.hasTakenOver(peer.connection)) {
      this.settle(peer);
    }
  }

  close(): void {
    this.signal = null;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.dropSpare();
    for (const peer of [...this.peers]) this.drop(peer);
  }

  private get newest(): Peer | null {
    return this.peers.at(-1) ?? null;
  }

  private isUp(peer: Peer): boolean {
    return ['connected', 'completed'].includes(peer.pc.iceConnectionState);
  }

  private expectUp(peer: Peer, withinMs: number): void {
    this.later('connect', withinMs, () => {
      if (peer === this.newest && !this.isUp(peer)) this.replace();
    });
  }

  private later(what: string, ms: number, then: () => void): void {
    clearTimeout(this.timers.get(what));
    this.timers.set(what, setTimeout(then, ms));
  }

  private tell(media: 'up' | 'returning'): void {
    if (media === 'up') this.wasUp = true;
    if (this.wasUp) this.signal?.onMedia(media);
  }

  private stateChanged(peer: Peer): void {
    if (peer !== this.newest) return;
    if (this.isUp(peer)) this.connected(peer);
    else if (peer.pc.iceConnectionState === 'disconnected') {
      this.signal?.onDisconnected();
      this.later('disconnected', DISCONNECTED_STAYS_MS, () => this.stillDisconnected(peer));
    }
  }

  /** The node may still have the connection: then a restart of ICE keeps its keys and pictures. Where it has not, it says
   *  so, and another one is made. */
  private failed(): void {
    this.tell('returning');
    this.spare ??= this.make();
    this.restart();
  }

  private stillDisconnected(peer: Peer): void {
    if (peer !== this.newest || peer.pc.iceConnectionState !== 'disconnected') return;
    this.tell('returning');
    this.restart();
  }

  private connected(peer: Peer): void {
    if (this.wish === 'restart') this.wish = null;
    this.dropSpare();
    this.tell('up');
    this.signal?.onConnected();
    if (this.peers.length > 1) this.later('take over', TAKE_OVER_WITHIN_MS, () => this.settle(peer));
    this.picturesChanged();
    this.watchPictures(peer);
  }

  private watchPictures(peer: Peer): void {
    this.later('look', LOOK_EVERY_MS, () => void this.lookAtPictures(peer));
  }

  private async lookAtPictures(peer: Peer): Promise<void> {
    const received = await peer.received(this.pictures.unseen(peer.connection));
    if (peer !== this.newest || !this.signal) return;
    if (this.dark.observe(received, performance.now())) this.replace();
    else this.watchPictures(peer);
  }

  private settle(peer: Peer): void {
    if (peer !== this.newest || this.peers.length < 2) return;
    for (const old of this.peers.slice(0, -1)) this.drop(old);
    this.signal?.settle(peer.connection);
  }

  private make(): Made {
    this.made += 1;
    const peer = new Peer(this.made, this.publishes, this.pictures.gateOf(this.made));
    const offering = async (): Promise<MediaOffer> => {
      const offer = await peer.offer();
      this.pictures.open(peer.connection, peer.videoSlots);
      return offer;
    };
    return { peer, offer: offering() };
  }

  /** Nobody has seen its offer, so it is as good as new. */
  private setAside(peer: Peer, offer: MediaOffer): void {
    this.peers = this.peers.filter((other) => other !== peer);
    peer.pc.oniceconnectionstatechange = null;
    peer.pc.onconnectionstatechange = null;
    this.spare = { peer, offer: Promise.resolve(offer) };
  }

  private dropSpare(): void {
    const { spare } = this;
    this.spare = null;
    // Its slots are opened with its offer, which may be on its way.
    void spare?.offer.catch(() => undefined).then(() => this.drop(spare.peer));
  }

  private drop(peer: Peer): void {
    this.peers = this.peers.filter((other) => other !== peer);
    peer.pc.oniceconnectionstatechange = null;
    peer.pc.onconnectionstatechange = null;
    this.pictures.closeConnection(peer.connection);
    this.sound.stop(peer.connection);
    peer.close();
  }

  /** One negotiation at a time; wishes that come meanwhile are one wish. */
  private async fulfil(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    while (this.wish !== null && this.signal) {
      const wish: Wish = this.wish;
      this.wish = null;
      clearTimeout(this.timers.get('again'));
      const done = await (wish === 'replace' ? this.replaceNow(this.signal) : this.restartNow(this.signal));
      if (!done) break;
    }
    this.busy = false;
  }

  private async restartNow(signal: Signal): Promise<boolean> {
    const peer = this.newest;
    if (!peer) return false;
    const outcome = await signal.reoffer(await peer.offer(true));
    if (outcome.ok && (await peer.accept(outcome.reply.answer))) {
      this.expectUp(peer, RESTART_WITHIN_MS);
      return true;
    }
    return this.refused('restart', outcome);
  }

  /** The old connections are given up by now: what they still show stays as a still picture, they send nothing. */
  private async replaceNow(signal: Signal): Promise<boolean> {
    const old = this.newest;
    old?.sendAll(nothing);
    const offer = await this.prepare();
    for (const between of this.peers.slice(1, -1)) this.drop(between);
    const peer = this.newest;
    const outcome = await signal.reoffer(offer);
    if (outcome.ok && (await this.accept(outcome.reply.answer))) return true;
    if (peer && isUnheard(outcome) && this.spare === null) this.setAside(peer, offer);
    else if (peer) this.drop(peer);
    return this.refused('replace', outcome);
  }

  /** True when there is something newer to be done at once. Without a channel the wish waits for `resumed`. */
  private refused(wish: Wish, outcome: Outcome<Reoffered>): boolean {
    if (isUnheard(outcome) || (!outcome.ok && outcome.code === 'silent')) {
      this.wish ??= wish;
      return false;
    }
    if (this.wish !== null) return true;
    const isBad = outcome.ok || ['bad_offer', 'not_found'].includes(outcome.code);
    const next = isBad ? 'replace' : wish;
    this.later('again', againMs(wish, outcome), () => (next === 'replace' ? this.replace() : this.restart()));
    return false;
  }
}

const isUnheard = (outcome: Outcome<Reoffered>): boolean => !outcome.ok && outcome.code === 'gone';

function againMs(wish: Wish, outcome: Outcome<Reoffered>): number {
  if (outcome.ok) return TRY_AGAIN_MS;
  if (outcome.code === 'media_unavailable') return NODE_AGAIN_MS;
  if (outcome.code === 'bad_offer' || outcome.code === 'not_found')
    return wish === 'restart' ? 0 : TRY_AGAIN_MS;
  return outcome.retryAfter === null ? TRY_AGAIN_MS : outcome.retryAfter * 1000;
}
