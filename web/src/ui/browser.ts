// What the browser of this page is: whether it can hold a lesson at all, and whether it is one inside another application.
// Cameras are another question: joining needs none.

import { inAppOf, type InApp } from './in-app';

export function canHoldLessons(): boolean {
  return (
    'RTCRtpTransceiver' in window &&
    'setCodecPreferences' in window.RTCRtpTransceiver.prototype &&
    'requestVideoFrameCallback' in HTMLVideoElement.prototype
  );
}

/** Null in a real browser. */
export const inAppHere = (): InApp | null =>
  inAppOf({
    userAgent: navigator.userAgent,
    globals: Object.keys(window).filter((name) => /^(?:Telegram|vk|OneMe)/i.test(name)),
    standalone: matchMedia('(display-mode: standalone)').matches,
  });
