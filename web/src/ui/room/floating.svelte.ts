// The window over other programs while it is open. Room.svelte owns one; it closes with the room.

import { floatVideo, givesPage, openFloatingPage } from './floating';

export class FloatingWindow {
  inside = $state.raw<Window | null>(null);

  constructor() {
    $effect(() => () => this.inside?.close());
  }

  /** `video` floats by itself where the browser gives no page for it. */
  async toggle(video: HTMLVideoElement | null): Promise<void> {
    if (!givesPage()) return floatVideo(video);
    if (this.inside) {
      this.inside.close();
      return;
    }
    const opened = await openFloatingPage();
    opened?.addEventListener('pagehide', () => (this.inside = null));
    this.inside = opened;
  }
}
