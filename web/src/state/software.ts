// Family of browser and system, from the text by which a browser calls itself. Closed lists: of the text itself nothing
// goes anywhere. Pure.

import type { CheckOutcome } from '../protocol/documents';

type Software = Pick<CheckOutcome, 'browser' | 'system'>;

/** In this order: nearly all of them call themselves Chrome and Safari, too. */
const BROWSERS: readonly [RegExp, Software['browser']][] = [
  [/YaBrowser\//, 'yandex'],
  [/Edg(A|iOS)?\//, 'edge'],
  [/OPR\/|Opera|OPT\//, 'opera'],
  [/Firefox\/|FxiOS\//, 'firefox'],
  [/Chrome\/|CriOS\/|Chromium\//, 'chrome'],
  [/Safari\//, 'safari'],
];
const SYSTEMS: readonly [RegExp, Software['system']][] = [
  [/iPhone|iPad|iPod/, 'ios'],
  [/Android/, 'android'],
  [/CrOS/, 'chromeos'],
  [/Windows/, 'windows'],
  [/Macintosh|Mac OS X/, 'macos'],
  [/Linux|X11/, 'linux'],
];

export function softwareOf(userAgent: string): Software {
  return {
    browser: BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'other',
    system: SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'other',
  };
}
