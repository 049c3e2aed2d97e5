import { expect, it } from 'vitest';
import { intentsOf, type LessonParts } from './lesson-intents';
import { gone, type Outcome } from './protocol/connection';
import { settled } from './protocol/socket.fake';
import type { LessonIntents } from './state/lesson';
import type { RoomInput } from './state/room';
import { inRoom } from './state/room.fake';

const refused: Outcome<never> = { ok: false, code: 'not_allowed', message: '', retryAfter: null };

/** What the page is told when the server answers so to all that is pressed. */
async function told(outcome: Outcome<never>, press: (intents: LessonIntents) => void): Promise<RoomInput[]> {
  const inputs: RoomInput[] = [];
  const parts: Partial<LessonParts> = {
    state: () => inRoom('teacher'),
    put: (input) => inputs.push(input),
    request: () => Promise.resolve(outcome),
    told: () => Promise.resolve(true),
  };
  press(intentsOf(parts as LessonParts));
  await settled();
  return inputs;
}

it.each([
  ['remove', (intents: LessonIntents) => intents.remove('boris', 'noise')],
  ['mute', (intents: LessonIntents) => intents.act('mute', 'boris')],
  ['quiet', (intents: LessonIntents) => intents.actOnClass('quiet')],
  ['admit', (intents: LessonIntents) => intents.admit('boris')],
  ['end', (intents: LessonIntents) => intents.endLesson()],
] as const)(
  'tells the host what a lost connection has swallowed, and why something was refused: %s',
  async (_, press) => {
    expect(await told(gone, press)).toEqual([{ type: 'swallowed' }]);
    expect(await told(refused, press)).toMatchObject([{ type: 'refused', code: 'not_allowed' }]);
  },
);

it('says nothing of a reaction that was swallowed', async () => {
  expect(await told(gone, (intents) => intents.react('like'))).toEqual([]);
});
