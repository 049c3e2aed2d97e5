import { describe, expect, it } from 'vitest';
import type { AttendanceRow } from '../../protocol/documents';
import { person } from '../room/room.fake';
import { rosterOf } from './roster';

const row = (
  name: string,
  status: AttendanceRow['status'],
  change: Partial<AttendanceRow> = {},
): AttendanceRow => ({
  member: name,
  participant: null,
  name,
  about: '',
  role: 'pupil',
  expected: true,
  status,
  late_minutes: 0,
  minutes: 0,
  stays: [],
  ...change,
});

const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);

describe('the roster of a room', () => {
  it('counts the list, and names who has not come and who has gone', () => {
    const rows = [row('Артём', 'here'), row('Егор', 'never'), row('Кира', 'gone', { minutes: 7 })];
    const roster = rosterOf(rows, [person('Артём')], 'lesson');
    expect([roster.here, roster.expected]).toEqual([1, 3]);
    expect(names(roster.notYet)).toEqual(['Егор']);
    expect(names(roster.gone)).toEqual(['Кира']);
  });

  it('believes the room before the sheet, which is some seconds older', () => {
    const roster = rosterOf([row('Егор', 'never'), row('Артём', 'here')], [person('Егор')], 'lesson');
    expect(roster.here).toBe(1);
    expect(roster.notYet).toEqual([]);
    expect(names(roster.gone)).toEqual(['Артём']);
  });

  it('knows how late somebody came who is here', () => {
    const sheet = [row('Артём', 'late', { participant: 'p-1', late_minutes: 6 })];
    const roster = rosterOf(sheet, [person('Артём', { id: 'p-1' })], 'lesson');
    expect(roster.late.get('p-1')).toBe(6);
  });

  it('tells two people of one name apart by their seats', () => {
    const [first, second] = [person('Иван Иванов', { id: 'p-1' }), person('Иван Иванов', { id: 'p-2' })];
    const twins = [
      row('Иван Иванов', 'gone', { member: 'first', participant: 'p-1' }),
      row('Иван Иванов', 'late', { member: 'second', participant: 'p-2', late_minutes: 9 }),
    ];
    const one = rosterOf(twins, [second], 'lesson');
    expect(one.gone.map(({ member }) => member)).toEqual(['first']);
    const both = rosterOf(twins, [first, second], 'lesson');
    expect([both.late.get('p-1'), both.late.get('p-2')]).toEqual([0, 9]);
    expect(both.gone).toEqual([]);
  });

  it('finds by the name who took a seat since the sheet was written, and takes nobody else’s row for it', () => {
    const twins = [
      row('Иван Иванов', 'here', { member: 'first', participant: 'p-1' }),
      row('Иван Иванов', 'never', { member: 'second' }),
    ];
    const roster = rosterOf(twins, [person('Иван Иванов', { id: 'p-2' })], 'lesson');
    expect(roster.notYet).toEqual([]);
    expect(roster.gone.map(({ member }) => member)).toEqual(['first']);
  });

  it('waits for no staff, and at a meeting for parents', () => {
    const teacher = row('Ирина Павловна', 'never', { role: 'teacher' });
    const mother = row('Ольга', 'never', { role: 'parent' });
    expect(names(rosterOf([teacher, mother], [], 'meeting').notYet)).toEqual(['Ольга']);
  });

  it('lists a guest who has gone, but does not wait for guests', () => {
    const roster = rosterOf([row('Гость', 'gone', { expected: false })], [], 'lesson');
    expect(roster.expected).toBe(0);
    expect(names(roster.gone)).toEqual(['Гость']);
  });
});
