// One <video> that plays one receive slot: it knows whether a frame has come since it was given the slot, and
// tells the RTP timestamp of frames while somebody wants to know. A tile has one, and a second while its picture
// moves from one slot to another (tile-picture.ts). It must stay in the document: outside browsers stop it.

export interface PlayerEvents {
  /** A frame of this RTP timestamp is on the element. */
  onFrame(slot: string, timestamp: number | null): void;
}

export class Player {
  slot: string | null = null;
  hasFrame = false;
  private watching = 0;

  constructor(
    readonly video: HTMLVideoElement,
    private readonly events: PlayerEvents,
  ) {
    video.muted = true;
    video.autoplay = true;
    video.playsInline = true;
    this.shown = false;
  }

  /** Everything is hidden by `visibility`: frames are told of as before, and the element keeps its place. */
  set shown(shown: boolean) {
    this.video.style.visibility = shown ? '' : 'hidden';
  }

  load(slot: string | null, track: MediaStreamTrack | null): void {
    if (slot === this.slot && track !== null) return;
    this.unload();
    this.slot = slot;
    if (!track) return;
    this.video.srcObject = new MediaStream([track]);
    this.video.play().catch(() => undefined);
    this.watch();
  }

  unload(): void {
    if (this.watching !== 0) this.video.cancelVideoFrameCallback(this.watching);
    this.watching = 0;
    this.slot = null;
    this.hasFrame = false;
    this.shown = false;
    this.video.srcObject = null;
  }

  /** Tells of the next frame. */
  watch(): void {
    if (this.watching !== 0) return;
    this.watching = this.video.requestVideoFrameCallback((_now, metadata) => {
      this.watching = 0;
      this.hasFrame = true;
      if (this.slot !== null) this.events.onFrame(this.slot, metadata.rtpTimestamp ?? null);
    });
  }
}
