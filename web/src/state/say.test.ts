import { describe, expect, it } from 'vitest';
import {
  dismiss,
  forgetEnded,
  nothingSaid,
  notice,
  NOTICE_STAYS_MS,
  passesAt,
  sayOf,
  unsay,
  type Condition,
} from './say';

const lost: Condition = { key: 'link_lost', words: {} };
const muted: Condition = { key: 'muted_by_teacher', words: {} };

describe('the top line', () => {
  it('is empty when there is nothing to say', () => {
    expect(sayOf(nothingSaid, [], 0)).toBeNull();
  });

  it('says the most important thing only', () => {
    const said = notice(nothingSaid, 'joined', { name: 'Анна' }, 0);
    expect(sayOf(said, [muted, lost], 1)).toEqual({
      key: 'link_lost',
      words: { more: 0 },
      urgent: true,
      action: { key: 'try_now', intent: 'reconnectNow' },
    });
    expect(sayOf(said, [muted], 1)?.key).toBe('muted_by_teacher');
    expect(sayOf(said, [], 1)).toMatchObject({
      key: 'joined',
      words: { name: 'Анна' },
      urgent: false,
      action: null,
    });
  });

  it('lets a notice pass by itself', () => {
    const said = notice(nothingSaid, 'left', { name: 'Анна' }, 100);
    expect(passesAt(said, 100)).toBe(100 + NOTICE_STAYS_MS);
    expect(sayOf(said, [], 99 + NOTICE_STAYS_MS)).not.toBeNull();
    expect(sayOf(said, [], 100 + NOTICE_STAYS_MS)).toBeNull();
    expect(passesAt(said, 100 + NOTICE_STAYS_MS)).toBeNull();
  });

  it('names the latest of many and counts the others', () => {
    const said = ['Анна', 'Борис', 'Вера'].reduce(
      (all, name, n) => notice(all, 'joined', { name }, n),
      nothingSaid,
    );
    expect(sayOf(said, [], 10)?.words).toEqual({ name: 'Вера', more: 2 });
  });

  it('says the latest about one person', () => {
    const said = notice(
      notice(nothingSaid, 'lost_network', { name: 'Анна' }, 0),
      'back',
      { name: 'Анна' },
      10,
    );
    expect(sayOf(said, [], 20)?.key).toBe('back');
  });

  it('is silent about what was read until it happens again', () => {
    const read = dismiss(nothingSaid, [muted], 0);
    expect(sayOf(read, [muted], 1)).toBeNull();
    expect(sayOf(forgetEnded(read, [muted]), [muted], 1)).toBeNull();
    expect(sayOf(forgetEnded(read, []), [muted], 1)?.key).toBe('muted_by_teacher');
  });

  it('goes on to the next message when one was read', () => {
    const said = notice(
      notice(nothingSaid, 'joined', { name: 'Анна' }, 0),
      'observer_in',
      { name: 'Директор' },
      1,
    );
    expect(sayOf(said, [], 2)?.key).toBe('observer_in');
    expect(sayOf(dismiss(said, [], 2), [], 2)?.key).toBe('joined');
  });

  it('says one thing once, and until somebody can have pressed its button', () => {
    const twice = notice(notice(nothingSaid, 'closed_microphone', {}, 0), 'closed_microphone', {}, 1_000);
    expect(sayOf(twice, [], 14_000)).toMatchObject({ key: 'closed_microphone', words: { more: 0 } });
    expect(sayOf(unsay(twice, 'closed_microphone'), [], 2_000)).toBeNull();
  });
});
