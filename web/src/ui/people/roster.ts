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
  /** Minutes by which somebody who is here came late, by name: the room's people have no number of the school. */
  readonly late: ReadonlyMap<string, number>;
}

const ROLE_OF_LIST = { lesson: 'pupil', meeting: 'parent' } as const;

/** Rows of those who are in the room. Two people of one name are two rows: whoever the sheet saw goes first. */
function rowsInside(
  rows: readonly AttendanceRow[],
  people: readonly Participant[],
): ReadonlySet<AttendanceRow> {
  const count = new Map<string, number>();
  for (const { name } of people) count.set(name, (count.get(name) ?? 0) + 1);
  const seen = rows.filter(({ status }) => status === 'here' || status === 'late');
  const inside = new Set<AttendanceRow>();
  for (const row of [...seen, ...rows]) {
    const left = count.get(row.name) ?? 0;
    if (left === 0 || inside.has(row)) continue;
    count.set(row.name, left - 1);
    inside.add(row);
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
    late: new Map(
      listed.filter((row) => row.late_minutes > 0 && here(row)).map((row) => [row.name, row.late_minutes]),
    ),
  };
}
