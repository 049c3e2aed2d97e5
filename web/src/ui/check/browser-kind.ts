// Which browser and system this is, for the words that lead to their settings and for nothing else: a closed list, the most usual of its
// kind for whatever is not on it. Pure.

export type BrowserKind =
  'chromium' | 'yandex' | 'firefox' | 'safari_mac' | 'safari_ios' | 'chrome_android' | 'other_ios';
export type SystemKind = 'mac' | 'windows' | 'ios' | 'android' | 'other';

/** An iPad says that it is a Mac, and has fingers on it. */
export function systemOf(userAgent: string, touchPoints: number): SystemKind {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios';
  if (userAgent.includes('Macintosh')) return touchPoints > 1 ? 'ios' : 'mac';
  if (userAgent.includes('Android')) return 'android';
  return userAgent.includes('Windows') ? 'windows' : 'other';
}

const ON_IOS = /CriOS|FxiOS|EdgiOS|OPiOS|YaBrowser|YandexMobile|Instagram|VK/;

export function browserOf(userAgent: string, touchPoints: number): BrowserKind {
  const system = systemOf(userAgent, touchPoints);
  if (system === 'ios') return ON_IOS.test(userAgent) ? 'other_ios' : 'safari_ios';
  if (userAgent.includes('Firefox/')) return 'firefox';
  if (system === 'android') return 'chrome_android';
  if (userAgent.includes('YaBrowser/')) return 'yandex';
  if (system === 'mac' && !/Chrome|Chromium|Edg/.test(userAgent)) return 'safari_mac';
  return 'chromium';
}
