// Whether this browser can hold a lesson at all. Cameras are another question: joining needs none.

export function canHoldLessons(): boolean {
  return (
    'RTCRtpTransceiver' in window &&
    'setCodecPreferences' in window.RTCRtpTransceiver.prototype &&
    'requestVideoFrameCallback' in HTMLVideoElement.prototype
  );
}
