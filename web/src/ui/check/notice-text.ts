// What a notice of the devices says, in the words of a catalogue. Pure; the device check and the room's top line use it.

import type { Catalogue } from '../../locales/ru';
import type { DeviceNotice } from '../rtc/devices';

type Words = Catalogue['devices']['notices'];

export function noticeText(words: Words, notice: DeviceNotice): string {
  switch (notice.key) {
    case 'took_over':
      return words.took_over[notice.kind](notice.gone, notice.taken);
    case 'vanished':
      return words.vanished[notice.kind](notice.gone);
    case 'back':
      return words.back[notice.kind](notice.taken);
    case 'plugged':
      return words.plugged[notice.kind](notice.device.label);
    case 'not_given':
      return words.not_given[notice.kind](notice.label);
    case 'speaker_gone':
      return words.speaker_gone(notice.gone);
    case 'clear_failed':
    case 'blur_failed':
    case 'blur_slow':
      return words[notice.key];
  }
}
