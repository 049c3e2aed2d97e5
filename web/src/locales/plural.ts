// Counted words: picks the form that a language wants for a number. Used by the catalogues only.

export interface RussianForms {
  readonly one: string;
  readonly few: string;
  readonly many: string;
}

export interface EnglishForms {
  readonly one: string;
  readonly other: string;
}

const russian = new Intl.PluralRules('ru');
const english = new Intl.PluralRules('en');

/** «1 ученик», «2 ученика», «5 учеников»: the form without the number. */
export function ruForm(count: number, forms: RussianForms): string {
  const rule = russian.select(count);
  if (rule === 'one') return forms.one;
  return rule === 'few' ? forms.few : forms.many;
}

export function enForm(count: number, forms: EnglishForms): string {
  return english.select(count) === 'one' ? forms.one : forms.other;
}
