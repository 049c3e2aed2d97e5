import { describe, expect, it } from 'vitest';
import { en } from '../../locales/en';
import { ru } from '../../locales/ru';
import type { DeviceNotice } from '../rtc/devices';
import { noticeText } from './notice-text';

const say = (notice: DeviceNotice): string =>
  noticeText(ru.devices.notices, notice).replaceAll('\u00a0', ' ');

describe('what a notice of the devices says', () => {
  it('names what was pulled out and what is used instead', () => {
    expect(
      say({ key: 'took_over', kind: 'microphone', gone: 'Наушники', taken: 'Встроенный микрофон' }),
    ).toBe('Отключилось устройство «Наушники». Теперь вас слышно через «Встроенный микрофон».');
  });

  it('does without names where the browser has none', () => {
    expect(say({ key: 'took_over', kind: 'camera', gone: '', taken: '' })).toBe(
      'Отключилась камера. Теперь вас снимает другая.',
    );
    expect(say({ key: 'plugged', kind: 'camera', device: { id: '', label: '' } })).toBe('Подключена камера.');
  });

  it('has words for each in both languages', () => {
    const notices: DeviceNotice[] = [
      { key: 'vanished', kind: 'microphone', gone: 'A' },
      { key: 'back', kind: 'camera', taken: 'A' },
      { key: 'not_given', kind: 'camera', label: 'A' },
      { key: 'speaker_gone', gone: 'A' },
      { key: 'clear_failed' },
      { key: 'blur_failed' },
      { key: 'blur_slow' },
    ];
    for (const { devices } of [ru, en]) {
      for (const notice of notices) expect(noticeText(devices.notices, notice)).toMatch(/\.$/);
    }
  });
});
