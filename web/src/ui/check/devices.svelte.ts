// The devices of ui/rtc as something a page can draw: their view and the loudness of the microphone, kept up to date.

import type { Devices, DevicesView } from '../rtc/devices';

export class DrawnDevices {
  view = $state.raw<DevicesView>() as DevicesView;
  level = $state(0);

  constructor(readonly devices: Devices) {
    this.view = devices.view;
    $effect(() => devices.onChange(() => (this.view = devices.view)));
    $effect(() => devices.onLevel((level) => (this.level = level)));
  }

  toggle(kind: 'microphone' | 'camera'): void {
    if (this.view[kind] !== 'on') {
      void this.devices.turnOn(kind);
      return;
    }
    this.devices.turnOff(kind);
    if (kind === 'camera') this.devices.stop(kind); // its light goes out
  }
}
