import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';
import { describe, expect, it } from 'vitest';

const SOURCES = join(import.meta.dirname, '..');
const LETTERS = /\p{L}{2,}/u;
const CYRILLIC = /[а-яё]/i;
/** Attributes that a person sees or hears. */
const SAID = [
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'title',
  'placeholder',
  'alt',
  'label',
];
/** A language is named in itself; a key is called the same in every language. */
const NAMES = ['Рус', 'Eng', 'Ctrl+Z'];

const files = (ending: string): string[] =>
  readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith(ending) && !/\.(?:test|fake)\./.test(path),
  );

interface Node {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly data?: unknown;
}

const isSaid = (text: string): boolean => LETTERS.test(text) && !NAMES.includes(text);

/** Every text of the markup, and of attributes that are said. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, name, data } = value as Node;
  if (type === 'Text') return [String(data).trim()];
  if (type === 'StyleDirective' || (type === 'Attribute' && !SAID.includes(String(name)))) return [];
  return Object.values(value).flatMap(textsIn);
}

/** What stands in braces comes from a catalogue, by type. */
const literals = (source: string): string[] =>
  textsIn(parse(source, { modern: true }).fragment).filter(isSaid);

describe('the words of the pages', () => {
  it.each(files('.svelte'))('come from the catalogues: %s', (path) => {
    expect(literals(readFileSync(join(SOURCES, path), 'utf8'))).toEqual([]);
  });

  it('are found where they stand in the markup', () => {
    const source = '<p class="note">Привет <b>you</b></p><button aria-label="Close" id="x">{word}</button>';
    expect(literals(source).sort()).toEqual(['Close', 'you', 'Привет'].sort());
  });

  it.each(files('.ts').filter((path) => !path.startsWith('locales')))('are not written in %s', (path) => {
    const code = readFileSync(join(SOURCES, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const texts = [...code.matchAll(/'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`/g)].map((text) =>
      text.slice(1).join(''),
    );
    expect(texts.filter((text) => CYRILLIC.test(text))).toEqual([]);
  });
});
