// What the devices told last, for as long as it takes to read it and to press. The device check and the room draw it.

import type { DeviceNotice, Devices } from '../rtc/devices';

const STAYS_MS = 12_000;

export class ToldByDevices {
  notice = $state.raw<DeviceNotice | null>(null);
  private passing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly devices: Devices) {
    $effect(() => {
      const unlisten = devices.onNotice((notice) => this.tell(notice));
      return () => {
        unlisten();
        clearTimeout(this.passing);
      };
    });
  }

  /** The offer of what was plugged in; any other notice is only put away. */
  take(): void {
    if (this.notice?.key === 'plugged') {
      void this.devices.choose(this.notice.kind, this.notice.device.id);
    }
    this.notice = null;
  }

  private tell(notice: DeviceNotice): void {
    this.notice = notice;
    clearTimeout(this.passing);
    this.passing = setTimeout(() => (this.notice = null), STAYS_MS);
  }
}
