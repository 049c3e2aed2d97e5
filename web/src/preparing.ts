// What of a lesson can be made before the press on «Войти»: the first PeerConnection and its offer. Made by the page at the
// device check, used by lesson.ts.

import type { MediaOffer } from './protocol/messages';
import { Pictures } from './ui/rtc/slots';
import { Sound } from './ui/rtc/sound';
import { MediaLink } from './ui/rtc/swap';

export interface Prepared {
  readonly pictures: Pictures;
  readonly sound: Sound;
  readonly link: MediaLink;
  readonly offer: Promise<MediaOffer>;
}

/** `publishes` is false for observers. Thrown away by `discard`. */
export function prepare(publishes: boolean): Prepared {
  const pictures = new Pictures();
  const sound = new Sound();
  const link = new MediaLink(publishes, pictures, sound);
  return { pictures, sound, link, offer: link.prepare() };
}

export function discard({ pictures, sound, link }: Prepared): void {
  link.close();
  sound.close();
  pictures.close();
}
