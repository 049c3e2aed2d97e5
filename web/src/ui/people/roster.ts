// Who should be in the room and is not: the attendance sheet beside the people who are here at this moment. The sheet
// is asked for every few seconds, the room knows at once, so the room wins. Pure; PeoplePanel.svelte draws it.

import type { AttendanceRow } from '../../protocol/documents';
import type { Participant, RoomInfo } from '../../protocol/messages';

export interface Roster {
  /** How many of the list are here, and how long it is. */
  readonly here: number;
  readonly expected: number;
  readonly notYet: readonly AttendanceRow[];
  readonly gone: readonly AttendanceRow[];
  /** Minutes by which somebody who is here came late, by participant. */
  readonly late: ReadonlyMap<string, number>;
}

const ROLE_OF_LIST = { lesson: 'pupil', meeting: 'parent' } as const;

/**
 * Whose row is whose, by participant. A row that knows its seat is exact; of whoever took a seat since the sheet was
 * written it knows the name.
 */
function rowsInside(
  rows: readonly AttendanceRow[],
  people: readonly Participant[],
): ReadonlyMap<AttendanceRow, string> {
  const inside = new Map<AttendanceRow, string>();
  const others = new Map(people.map(({ id, name }) => [id, name]));
  for (const row of rows) {
    if (row.participant !== null && others.delete(row.participant)) inside.set(row, row.participant);
  }
  for (const [id, name] of others) {
    const row = rows.find((each) => each.participant === null && each.name === name && !inside.has(each));
    if (row) inside.set(row, id);
  }
  return inside;
}

/** People of the list are pupils at a lesson, parents at a meeting: staff come and go as they need. */
export function rosterOf(
  rows: readonly AttendanceRow[],
  people: readonly Participant[],
  kind: RoomInfo['kind'],
): Roster {
  const role = ROLE_OF_LIST[kind];
  const listed = rows.filter((row) => row.role === role);
  const expected = listed.filter((row) => row.expected);
  const inside = rowsInside(listed, people);
  const here = (row: AttendanceRow): boolean => inside.has(row);
  return {
    here: expected.filter(here).length,
    expected: expected.length,
    notYet: expected.filter((row) => row.status === 'never' && !here(row)),
    gone: listed.filter((row) => row.status !== 'never' && !here(row)),
    late: new Map([...inside].map(([row, participant]) => [participant, row.late_minutes])),
  };
}
