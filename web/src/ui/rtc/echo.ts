// Listens for a second device with the same lesson beside this one, while the microphone is on: measures both sounds for
// state/echo.ts, which decides. Nothing is kept and nothing leaves the page. Used by lesson.ts.

import { EchoWatch, LEVELS_PER_S, type Echo } from '../../state/echo';
import type { Devices } from './devices';
import type { Sound } from './sound';

/** Until the returned function is called. */
export function watchEcho(
  devices: Devices,
  sound: Pick<Sound, 'level'>,
  onChange: (echo: Echo | null) => void,
): () => void {
  let watch = new EchoWatch();
  let said: Echo | null = null;
  let measured: MediaStreamTrack | null = null;
  return devices.onLevel((level) => {
    const { microphone } = devices.current;
    if (microphone !== measured) watch = new EchoWatch();
    measured = microphone;
    const echo = microphone ? watch.hear(level, sound.level) : null;
    if (echo === said) return;
    said = echo;
    onChange(echo);
  }, 1000 / LEVELS_PER_S);
}
