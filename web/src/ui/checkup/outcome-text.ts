// A result of a check as the administrator reads it: what was bad in one line, and every number by its name. Pure.

import type { Language } from '../../locales/formats';
import type { Catalogue } from '../../locales/ru';
import type { CheckOutcome } from '../../protocol/documents';
import type { StepName, StepState } from '../../state/verdict';
import { measured, megabits, milliseconds, percent } from './numbers';

type Words = Catalogue['checkup'];

/** The steps that went badly, or else those that were so-so, by their names in a sentence. */
export function troubleOf({ steps }: CheckOutcome, words: Words): string {
  const named = (wanted: StepState): string =>
    (Object.keys(steps) as StepName[])
      .filter((name) => steps[name] === wanted)
      .map((name) => lowered(words.names[name]))
      .join(', ');
  const bad = named('bad');
  const fair = named('fair');
  if (bad !== '') return words.results.bad(bad);
  return fair === '' ? words.results.well : words.results.fair(fair);
}

const lowered = (name: string): string => name.charAt(0).toLocaleLowerCase() + name.slice(1);

export function numbersOf(
  outcome: CheckOutcome,
  words: Words,
  language: Language,
): readonly [string, string][] {
  const { names, results } = words;
  const rate = (kbps: number | null): string => measured(kbps, (one) => megabits(one * 1000, language));
  const loss = (value: number | null): string => measured(value, (one) => percent(one, language));
  const { delay_ms, loss_up_percent, loss_down_percent, up_kbps, down_kbps, way } = outcome;
  return [
    [results.wayName, measured(way, (one) => results.way[one])],
    [names.delay, measured(delay_ms, (one) => words.delay(milliseconds(one, language)))],
    [names.loss, words.loss(loss(loss_up_percent), loss(loss_down_percent))],
    [names.rate, words.rate(rate(up_kbps), rate(down_kbps))],
    [results.software, `${words.browsers[outcome.browser]}, ${words.systems[outcome.system]}`],
  ];
}
