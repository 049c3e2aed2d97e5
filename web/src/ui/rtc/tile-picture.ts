// The picture of one tile: which slot its <video> plays, and whether it may be seen. When the person's picture moves to another
// slot (a second PeerConnection, another place after a change of the view), an understudy beside the <video> plays the
// other slot; it is shown at its first frame, the <video> follows and takes over again. Giving the
// shown <video> another stream instead would leave it empty for 20–50 ms.

import { Player, type PlayerEvents } from './player';

/** What slots.ts knows. */
export interface SlotBook extends PlayerEvents {
  /** Best first; mapped to this source. */
  slotsFor(source: number): readonly string[];
  mayShow(slot: string, source: number): boolean;
  trackOf(slot: string): MediaStreamTrack | null;
}

export class TilePicture {
  private readonly main: Player;
  private understudy: Player | null = null;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly book: SlotBook,
  ) {
    this.main = new Player(video, book);
  }

  /** The slot that is seen at the moment. */
  shownSlot(source: number): string | null {
    return [this.main, this.understudy].find((player) => player && this.isFit(player, source))?.slot ?? null;
  }

  /** After any change of slots, sources or frames. */
  refresh(source: number): void {
    const wanted = this.book.slotsFor(source)[0] ?? null;
    if (this.main.slot !== wanted) this.moveTo(wanted, source);
    const mainIsFit = this.isFit(this.main, source);
    if (mainIsFit && this.main.slot === wanted) this.dismissUnderstudy();
    const understudyIsFit = this.understudy !== null && this.isFit(this.understudy, source);
    if (this.understudy) this.understudy.shown = understudyIsFit;
    this.main.shown = mainIsFit && !understudyIsFit;
  }

  /** The slot has frames of somebody else on the way. */
  watch(slot: string): void {
    for (const player of [this.main, this.understudy]) if (player?.slot === slot) player.watch();
  }

  close(): void {
    this.dismissUnderstudy();
    this.main.unload();
  }

  private isFit(player: Player, source: number): boolean {
    return player.hasFrame && player.slot !== null && this.book.mayShow(player.slot, source);
  }

  private moveTo(wanted: string | null, source: number): void {
    const track = wanted === null ? null : this.book.trackOf(wanted);
    if (track === null || !this.isFit(this.main, source)) {
      if (this.understudy?.slot !== wanted) this.dismissUnderstudy();
      this.main.load(wanted, track);
      return;
    }
    this.understudy ??= this.callUnderstudy();
    this.understudy.load(wanted, track);
    if (this.isFit(this.understudy, source)) {
      this.understudy.shown = true;
      this.main.load(wanted, track);
    }
  }

  private callUnderstudy(): Player {
    const video = document.createElement('video');
    video.className = this.video.className;
    video.ariaHidden = 'true';
    const { style } = video;
    style.position = 'absolute';
    style.inset = '0';
    style.width = '100%';
    style.height = '100%';
    this.video.after(video);
    return new Player(video, this.book);
  }

  private dismissUnderstudy(): void {
    this.understudy?.unload();
    this.understudy?.video.remove();
    this.understudy = null;
  }
}
