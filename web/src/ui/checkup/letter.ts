// The text that a person sends to the provider or the school's technician: what of the school's server is reached and how
// well. It names no person, and no address but the server's. Pure.

import type { Language } from '../../locales/formats';
import type { Catalogue } from '../../locales/ru';
import type { CheckOutcome } from '../../protocol/documents';
import type { Endpoint, Protocol } from '../../state/candidates';
import type { Line } from '../../state/line';
import { verdictOf, type Found, type Reason } from '../../state/verdict';
import { measured, megabits, milliseconds, percent } from './numbers';

type Words = Catalogue['checkup'];

export interface Facts {
  /** Of the school, as in the address line. */
  readonly site: string;
  readonly software: Pick<CheckOutcome, 'browser' | 'system'>;
  readonly found: Found;
  readonly endpoints: readonly Endpoint[];
  /** Day, time and zone in words. */
  readonly when: string;
}

const LINE_REASONS: readonly Reason[] = ['slow_up', 'slow_down', 'loss_up', 'loss_down', 'delay'];

function placesOf(endpoints: readonly Endpoint[], protocol: Protocol): string {
  return endpoints
    .filter((endpoint) => endpoint.protocol === protocol)
    .map(({ address, port }) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`))
    .join(', ');
}

function numbers(line: Line, words: Words['letter'], language: Language): string[] {
  const loss = (value: number | null): string => measured(value, (one) => percent(one, language));
  const rate = (value: number | null): string => measured(value, (one) => megabits(one, language));
  const { delayMs, lossUp, lossDown, upBps, downBps, way } = line;
  return [
    ...(delayMs === null ? [] : [words.delay(milliseconds(delayMs, language))]),
    ...(lossUp === null && lossDown === null ? [] : [words.loss(loss(lossUp), loss(lossDown))]),
    ...(upBps === null && downBps === null
      ? []
      : [words.rate(rate(upBps), rate(downBps), way.toUpperCase())]),
  ];
}

/** What is asked for; nothing where nothing is wrong on the way. */
function wish(facts: Facts, reasons: readonly Reason[], words: Words['letter']): string[] {
  const places = placesOf(facts.endpoints, 'udp');
  if (facts.found.udp === 'closed' && places !== '') return [words.openUdp(places)];
  if (reasons.includes('no_socket')) return [words.openSocket(facts.site)];
  return reasons.some((reason) => LINE_REASONS.includes(reason)) ? [words.checkLine] : [];
}

export function letter(facts: Facts, words: Words, language: Language): string {
  const { found, site, software } = facts;
  const verdict = verdictOf(found);
  const text = words.letter;
  const reach = (protocol: Protocol): string =>
    text.reachLine(protocol.toUpperCase(), placesOf(facts.endpoints, protocol), text.reach[found[protocol]]);
  return [
    text.head(site),
    facts.when,
    text.software(words.browsers[software.browser], words.systems[software.system]),
    text.verdict(words.fitness[verdict.fitness]),
    text.serverLine(site, text.server[found.server]),
    reach('udp'),
    reach('tcp'),
    ...(found.line ? numbers(found.line, text, language) : []),
    ...wish(facts, verdict.reasons, text),
  ].join('\n');
}
