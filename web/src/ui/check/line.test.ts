import { expect, it } from 'vitest';
import { hintOf } from './line';

it('a line is good when every question is answered soon', () => {
  expect(hintOf([400, 60, 70, 65])).toBe('good');
});

it('a line is weak when answers take long, or one is lost', () => {
  expect(hintOf([900, 420, 380, 610])).toBe('weak');
  expect(hintOf([60, null, 70, 65])).toBe('weak');
});

it('there is no line when nobody answers', () => {
  expect(hintOf([null, null, null, null])).toBe('none');
});
