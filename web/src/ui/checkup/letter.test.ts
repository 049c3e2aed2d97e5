import { describe, expect, it } from 'vitest';
import { en } from '../../locales/en';
import { ru } from '../../locales/ru';
import type { Line } from '../../state/line';
import { nothingFound, type Found } from '../../state/verdict';
import { letter, type Facts } from './letter';
import { stepText } from './step-text';

const line: Line = {
  way: 'tcp',
  delayMs: 1180,
  lossUp: 4.2,
  lossDown: 0,
  upBps: 420_000,
  downBps: 1_640_000,
};
const found: Found = { ...nothingFound, server: 'reached', udp: 'closed', tcp: 'open', line };
const facts: Facts = {
  site: 'https://school.example',
  software: { browser: 'yandex', system: 'windows' },
  found,
  endpoints: [
    { protocol: 'udp', address: '192.0.2.7', port: 10000 },
    { protocol: 'udp', address: '2001:db8::7', port: 10000 },
    { protocol: 'tcp', address: '192.0.2.7', port: 443 },
  ],
  when: '24 ноября 2026, 13:49 (Europe/Moscow)',
};
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('the text for the provider', () => {
  it('says which ports of the school are closed, and asks for them', () => {
    expect(plain(letter(facts, ru.checkup, 'ru')).split('\n')).toEqual([
      'Проверка связи с https://school.example',
      '24 ноября 2026, 13:49 (Europe/Moscow)',
      'Браузер: Яндекс Браузер, Windows',
      'Итог: Хватит только на звук',
      'Сервер https://school.example: отвечает',
      'UDP до 192.0.2.7:10000, [2001:db8::7]:10000: закрыт',
      'TCP до 192.0.2.7:443: проходит',
      'Задержка: 1 180 мс',
      'Потери: исходящие 4,2 %, входящие 0 %',
      'Скорость: исходящая 0,42 Мбит/с, входящая 1,6 Мбит/с (TCP)',
      'Просьба: открыть исходящий UDP до 192.0.2.7:10000, [2001:db8::7]:10000.',
    ]);
  });

  it.each([
    [{ ...found, udp: 'open' }, 'Please check the line.'],
    [
      { ...nothingFound, server: 'no_socket' },
      'Please do not cut WebSocket (HTTPS, Upgrade) to https://school.example.',
    ],
    [
      { ...found, udp: 'open', line: { ...line, way: 'udp', delayMs: 20, lossUp: 0, upBps: 1e6 } },
      'Rate: outgoing 1 Mbit/s, incoming 1.6 Mbit/s (UDP)',
    ],
  ] as const)('ends with what is wrong on the way, if anything is', (other, end) => {
    expect(
      letter({ ...facts, found: other }, en.checkup, 'en')
        .split('\n')
        .at(-1),
    ).toBe(end);
  });

  it('leaves out what was not measured', () => {
    const text = letter(
      { ...facts, endpoints: [], found: { ...nothingFound, server: 'away' } },
      en.checkup,
      'en',
    );
    expect(text).toContain(
      'Server https://school.example: does not answer\nUDP: not checked\nTCP: not checked',
    );
    expect(text).not.toMatch(/Delay|Loss|Rate|Please/);
  });
});

describe('the text of a step', () => {
  it('is words for devices and ways, numbers for the line', () => {
    const text = (name: Parameters<typeof stepText>[0], of = found) =>
      plain(stepText(name, of, ru.checkup, 'ru'));
    expect(text('camera', { ...found, camera: 'busy' })).toBe('Камерой занята другая программа');
    expect(text('udp')).toBe('Закрыт');
    expect(text('delay')).toBe('1 180 мс');
    expect(text('loss')).toBe('От вас 4,2 %, к вам 0 %');
    expect(text('rate')).toBe('От вас 0,42, к вам 1,6 Мбит/с');
    expect(text('rate', { ...found, line: { ...line, upBps: null } })).toBe('От вас —, к вам 1,6 Мбит/с');
    expect(text('delay', { ...found, line: { ...line, delayMs: null } })).toBe('Не измерили');
    expect(text('loss', nothingFound)).toBe('Не измерили');
  });
});
