// The devices of ui/rtc as something a page can draw: their view, the loudness of the microphone, and what they told last.

import type { Devices, DevicesView } from '../rtc/devices';
import { ToldByDevices } from './told.svelte';

export class DrawnDevices {
  view = $state.raw<DevicesView>() as DevicesView;
  level = $state(0);

  constructor(
    readonly devices: Devices,
    private readonly told = new ToldByDevices(devices),
  ) {
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

  get notice(): ToldByDevices['notice'] {
    return this.told.notice;
  }

  take(): void {
    this.told.take();
  }
}
