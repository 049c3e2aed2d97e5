import { expect, it } from 'vitest';
import { ru } from '../../locales/ru';
import type { CheckOutcome, CheckSteps } from '../../protocol/documents';
import { numbersOf, troubleOf } from './outcome-text';

const words = ru.checkup;
const good: CheckSteps = {
  camera: 'good',
  microphone: 'good',
  speaker: 'skipped',
  server: 'good',
  udp: 'good',
  tcp: 'good',
  delay: 'good',
  loss: 'good',
  rate: 'good',
};
const outcome: CheckOutcome = {
  verdict: 'fewer',
  steps: good,
  way: 'tcp',
  delay_ms: 48,
  loss_up_percent: 0.4,
  loss_down_percent: null,
  up_kbps: 420,
  down_kbps: 1600,
  browser: 'yandex',
  system: 'windows',
};
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

it.each([
  [{}, 'Всё хорошо'],
  [{ udp: 'bad', rate: 'bad', loss: 'fair' }, 'Плохо: прямой путь (UDP), скорость'],
  [{ microphone: 'fair' }, 'Так себе: микрофон'],
] as const)('the row of %o says %s', (steps, said) => {
  expect(troubleOf({ ...outcome, steps: { ...good, ...steps } }, words)).toBe(said);
});

it('the opened row names every number, and what was not measured', () => {
  expect(numbersOf(outcome, words, 'ru').map(([name, value]) => `${name}: ${plain(value)}`)).toEqual([
    'Путь: запасной (TCP)',
    'Задержка: 48 мс',
    'Потери: От вас 0,4 %, к вам — %',
    'Скорость: От вас 0,42, к вам 1,6 Мбит/с',
    'Браузер: Яндекс Браузер, Windows',
  ]);
});
