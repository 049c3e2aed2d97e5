import { describe, expect, it } from 'vitest';
import { person, tile } from '../room/room.fake';
import { subjectOf } from './subjects';

const teacher = person('Марина Сергеевна', { role: 'teacher', host: true });
const room = { layout: { pins: ['Егор'] }, you: teacher, room: null };

describe('a person of the list', () => {
  it('has the menu of their tile', () => {
    const shown = tile(person('Артём'), { actions: ['mute'] });
    expect(subjectOf(shown.participant, shown, room)).toBe(shown);
  });

  it('is reached by a host without a tile, too', () => {
    const hidden = subjectOf(person('Егор'), undefined, room);
    expect(hidden.actions).toContain('remove');
    expect(hidden.pinned).toBe(true);
    const director = person('Сергей Николаевич', { role: 'observer', office: 'director' });
    expect(subjectOf(director, undefined, room).actions).toEqual(['make_host']);
  });

  it('is reached by nobody else', () => {
    const pupil = { ...room, you: person('Кира') };
    expect(subjectOf(person('Егор'), undefined, pupil).actions).toEqual([]);
  });
});
