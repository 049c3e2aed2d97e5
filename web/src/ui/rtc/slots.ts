// The pictures of the room: receive slots of all PeerConnections, tiles of the page, and who may be seen where. What each slot
// carries is told twice, by the mapping and by the packets; state/tiles.ts decides, this file obeys. The packets' account
// comes from the gate: a worker that holds the first frame of another source until the tile is a blank here. That frame
// is recognised on the screen by its RTP timestamp. (getContributingSources alone is a frame late in Firefox.)

import type { SlotsMapped } from '../../protocol/messages';
import type { AttachPicture } from '../../state/lesson';
import {
  closeSlots,
  mapSlots,
  mayShow,
  NOTHING,
  openSlots,
  slotKey,
  slotsFor,
  sourceChanges,
  sourceDecoded,
  unseenSlots,
  type Slots,
} from '../../state/tiles';
import type { Blanked, GateOptions, SourceArrives } from './gate.worker';
import type { GateReceiver, ReceiveSlot } from './peer';
import { TilePicture, type SlotBook } from './tile-picture';

interface Tile {
  readonly key: string;
  readonly picture: TilePicture;
}

const gateName = (connection: number, index: number): string => `${connection}#${index}`;

/** RTP timestamps wrap around. */
const isFrom = (timestamp: number, first: number): boolean => ((timestamp - first) | 0) >= 0;

export class Pictures {
  private slots: Slots = new Map();
  private tracks = new Map<string, MediaStreamTrack>();
  private slotOfGate = new Map<string, string>();
  private arrivals = new Map<string, SourceArrives>();
  private sources: ReadonlyMap<string, number> = new Map();
  private tiles = new Set<Tile>();
  private own = new Map<string, MediaStreamTrack>();
  private ownVideos = new Map<HTMLVideoElement, string>();
  private seen: ReadonlySet<string> = new Set();
  private readonly worker = new Worker(new URL('./gate.worker.ts', import.meta.url), { type: 'module' });
  private readonly book: SlotBook = {
    slotsFor: (source) => slotsFor(this.slots, source),
    mayShow: (slot, source) => mayShow(this.slots, slot, source),
    trackOf: (slot) => this.tracks.get(slot) ?? null,
    onFrame: (slot, timestamp) => this.frameShown(slot, timestamp),
  };

  /** Told the keys of the tiles that have a picture. */
  onChange: (keys: ReadonlySet<string>) => void = () => undefined;
  /** The first picture of somebody else can be seen. */
  onFirst: () => void = () => undefined;

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<SourceArrives>) => this.sourceArrives(data);
  }

  gateOf(connection: number): GateReceiver {
    return (receiver, index) => {
      const options: GateOptions = { slot: gateName(connection, index) };
      receiver.transform = new RTCRtpScriptTransform(this.worker, options);
    };
  }

  /** The slots of a connection, once its offer has named them. */
  open(connection: number, slots: readonly ReceiveSlot[]): void {
    this.slots = openSlots(
      this.slots,
      connection,
      slots.map(({ mid }) => mid),
    );
    slots.forEach(({ mid, receiver }, index) => {
      const key = slotKey(connection, mid);
      this.tracks.set(key, receiver.track);
      this.slotOfGate.set(gateName(connection, index), key);
    });
  }

  closeConnection(connection: number): void {
    const before = [...this.slots.keys()];
    this.slots = closeSlots(this.slots, connection);
    for (const key of before) {
      if (this.slots.has(key)) continue;
      this.tracks.delete(key);
      this.arrivals.delete(key);
    }
    this.refresh();
  }

  mapped(event: SlotsMapped): void {
    this.slots = mapSlots(this.slots, event);
    this.refresh();
  }

  /** Tile key → source of the people whose pictures are on. */
  assign(sources: ReadonlyMap<string, number>): void {
    this.sources = sources;
    this.refresh();
  }

  /** The own pictures, by tile key; they come from this device and need no gate. */
  assignOwn(own: ReadonlyMap<string, MediaStreamTrack>): void {
    this.own = new Map(own);
    for (const [video, key] of this.ownVideos) this.playOwn(video, key);
    this.refresh();
  }

  /** No tile shows a picture of an older connection any more. */
  hasTakenOver(connection: number): boolean {
    return [...this.tiles].every((tile) => {
      const shown = tile.picture.shownSlot(this.sourceOf(tile));
      return shown === null || (this.slots.get(shown)?.connection ?? connection) >= connection;
    });
  }

  /** Keys of the slots in which somebody should be seen and is not (yet). */
  unseen(connection: number): readonly string[] {
    return unseenSlots(this.slots, connection);
  }

  readonly attach =
    (isOwn: (key: string) => boolean): AttachPicture =>
    (key, video) =>
      isOwn(key) ? this.attachOwn(key, video) : this.attachTile(key, video);

  close(): void {
    for (const { picture } of this.tiles) picture.close();
    this.tiles.clear();
    this.worker.terminate();
  }

  private attachTile(key: string, video: HTMLVideoElement): () => void {
    const tile: Tile = { key, picture: new TilePicture(video, this.book) };
    this.tiles.add(tile);
    this.refresh();
    return () => {
      this.tiles.delete(tile);
      tile.picture.close();
      this.tellSeen();
    };
  }

  private attachOwn(key: string, video: HTMLVideoElement): () => void {
    video.muted = true;
    video.playsInline = true;
    this.ownVideos.set(video, key);
    this.playOwn(video, key);
    return () => {
      this.ownVideos.delete(video);
      video.srcObject = null;
    };
  }

  private playOwn(video: HTMLVideoElement, key: string): void {
    const track = this.own.get(key) ?? null;
    const playing =
      video.srcObject instanceof MediaStream ? (video.srcObject.getVideoTracks()[0] ?? null) : null;
    if (track === playing) return;
    video.srcObject = track && new MediaStream([track]);
    if (track) video.play().catch(() => undefined);
  }

  private sourceArrives(arrival: SourceArrives): void {
    const slot = this.slotOfGate.get(arrival.slot);
    if (slot !== undefined) {
      this.slots = sourceChanges(this.slots, slot);
      this.arrivals.set(slot, arrival);
      this.refresh();
      for (const { picture } of this.tiles) picture.watch(slot);
    }
    const answer: Blanked = { slot: arrival.slot };
    this.worker.postMessage(answer);
  }

  private frameShown(slot: string, timestamp: number | null): void {
    const arrival = this.arrivals.get(slot);
    if (arrival) {
      if (timestamp !== null && isFrom(timestamp, arrival.timestamp)) {
        this.arrivals.delete(slot);
        this.slots = sourceDecoded(this.slots, slot, arrival.source);
      } else {
        for (const { picture } of this.tiles) picture.watch(slot);
      }
    }
    this.refresh();
  }

  private sourceOf(tile: Tile): number {
    return this.sources.get(tile.key) ?? NOTHING;
  }

  private refresh(): void {
    for (const tile of this.tiles) tile.picture.refresh(this.sourceOf(tile));
    this.tellSeen();
  }

  private tellSeen(): void {
    const keys = [...this.tiles].filter((tile) => tile.picture.shownSlot(this.sourceOf(tile)) !== null);
    if (keys.length > 0) {
      this.onFirst();
      this.onFirst = () => undefined;
    }
    const seen = new Set([...keys.map(({ key }) => key), ...this.own.keys()]);
    if (seen.size === this.seen.size && [...seen].every((key) => this.seen.has(key))) return;
    this.seen = seen;
    this.onChange(seen);
  }
}
