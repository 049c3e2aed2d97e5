// Rates, losses and delays as people read them: one digit after the comma at most. Pure.

import { locales, type Language } from '../../locales/formats';

const written = (value: number, language: Language, digits: number): string =>
  new Intl.NumberFormat(locales[language], { maximumFractionDigits: digits }).format(value);

/** In Mbit/s; small rates keep a second digit, so that none is told as zero. */
export const megabits = (bps: number, language: Language): string =>
  written(bps / 1_000_000, language, bps < 1_000_000 ? 2 : 1);

export const percent = (value: number, language: Language): string => written(value, language, 1);

export const milliseconds = (value: number, language: Language): string => written(value, language, 0);

/** A dash in the place of what was not measured. */
export const measured = <T>(value: T | null, write: (value: T) => string): string =>
  value === null ? '—' : write(value);
