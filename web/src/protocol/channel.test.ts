import { beforeEach, describe, expect, it } from 'vitest';
import { backOffMs, Channel } from './channel';
import type { Event, Outcome } from './connection';
import type { Joined, MediaOffer, Resumed, RoomInfo, RoomSnapshot } from './messages';
import { FakeSocket, HandTimers, settled } from './socket.fake';

const offer: MediaOffer = { connection: 1, sdp: 'v=0', publish: {}, audio_slots: [], video_slots: [] };
const room: RoomInfo = {
  lesson: 'l',
  title: '',
  class_name: '',
  ends_at: 0,
  flow: true,
  media_stops_at: null,
};
const snapshot = (seq: number): RoomSnapshot => ({ seq, room, participants: [] });

let sockets: FakeSocket[];
let timers: HandTimers;
let log: string[];
let events: Event[];
let resumed: Resumed[];
let channel: Channel;

const socket = (): FakeSocket => {
  const last = sockets.at(-1);
  if (!last) throw new Error('no socket was opened');
  return last;
};

beforeEach(() => {
  sockets = [];
  timers = new HandTimers();
  log = [];
  events = [];
  resumed = [];
  channel = new Channel(
    {
      openSocket: () => {
        sockets.push(new FakeSocket());
        return socket();
      },
      timers,
      random: () => 0.5,
    },
    {
      onEvent: (event) => events.push(event),
      onLink: (link) => log.push(link),
      onResumed: (reply) => resumed.push(reply),
      onSessionLost: () => log.push('session lost'),
      onClosed: (reason) => log.push(`closed ${reason}`),
    },
  );
});

async function joined(seq = 7): Promise<Outcome<Joined>> {
  const outcome = channel.join({ ticket: 't', offer, media: {} });
  await socket().open();
  await socket().says({
    type: 'joined',
    re: socket().last.id,
    session: 's',
    you: 'y',
    answer: 'a',
    snapshot: snapshot(seq),
  });
  return outcome;
}

describe('a channel before the join', () => {
  it('opens its socket while the ticket is still on its way', () => {
    channel.open();
    channel.open();
    expect(sockets).toHaveLength(1);
  });

  it('joins once and tells the answer', async () => {
    const outcome = await joined();
    expect(outcome).toMatchObject({ ok: true, reply: { you: 'y', answer: 'a' } });
    expect(socket().sent).toMatchObject([{ type: 'join', ticket: 't' }]);
    expect(log).toEqual(['up']);
  });

  it('tells a refused ticket as a value', async () => {
    const outcome = channel.join({ ticket: 't', offer, media: {} });
    await socket().open();
    await socket().says({ type: 'failed', re: socket().last.id, code: 'ticket_refused', message: 'used' });
    expect(await outcome).toMatchObject({ ok: false, code: 'ticket_refused' });
  });

  it('does not try again by itself, since a ticket is used once', async () => {
    const outcome = channel.join({ ticket: 't', offer, media: {} });
    await socket().open();
    await socket().dies();
    expect(await outcome).toMatchObject({ ok: false, code: 'gone' });
    await timers.advance(60_000);
    expect(sockets).toHaveLength(1);
  });

  it('says «gone» when no socket opens in time', async () => {
    const outcome = channel.join({ ticket: 't', offer, media: {} });
    await timers.advance(5_000);
    expect(await outcome).toMatchObject({ ok: false, code: 'gone' });
  });
});

describe('requests of a channel', () => {
  it('are answered by number, in any order', async () => {
    await joined();
    const first = channel.request({ type: 'set_media', media: { camera: true } });
    const second = channel.request({ type: 'end_lesson' });
    const [a, b] = socket().sent.slice(-2);
    await socket().says({ type: 'failed', re: b?.id ?? 0, code: 'not_allowed', message: '' });
    await socket().says({ type: 'done', re: a?.id ?? 0 });
    expect(await first).toMatchObject({ ok: true });
    expect(await second).toMatchObject({ ok: false, code: 'not_allowed' });
    expect(a?.id).not.toBe(b?.id);
  });

  it('give the socket up when they stay unanswered, and the seat is resumed on another', async () => {
    await joined();
    const outcome = channel.request({ type: 'set_view', tracks: [] });
    await timers.advance(5_000);
    expect(await outcome).toMatchObject({ ok: false, code: 'silent' });
    expect(socket().closedWith).toBe(4000);
    await timers.advance(500);
    expect(sockets).toHaveLength(2);
  });

  it('are «gone» while there is no socket', async () => {
    expect(await channel.request({ type: 'leave' })).toMatchObject({ ok: false, code: 'gone' });
    await joined();
    const outcome = channel.request({ type: 'end_lesson' });
    await socket().dies();
    expect(await outcome).toMatchObject({ ok: false, code: 'gone' });
  });
});

describe('events of a channel', () => {
  it('are told once each, however often the server says them', async () => {
    await joined(7);
    for (const seq of [7, 8, 8, 9]) await socket().says({ type: 'room_changed', seq, room });
    expect(events.map((event) => 'seq' in event && event.seq)).toEqual([8, 9]);
  });

  it('need no number when the next one replaces the last', async () => {
    await joined();
    await socket().says({ type: 'speaking', participants: ['a'] });
    await socket().says({ type: 'speaking', participants: [] });
    expect(events).toHaveLength(2);
  });

  it('that are no JSON of this protocol are passed over', async () => {
    await joined();
    for (const frame of ['{', '[]', '7', 'null', new ArrayBuffer(1)]) await socket().saysRaw(frame);
    expect(events).toEqual([]);
    expect(log).toEqual(['up']);
  });
});

describe('a lost socket', () => {
  it('is followed by a resume from the last event seen', async () => {
    await joined(7);
    await socket().says({ type: 'room_changed', seq: 8, room });
    await socket().dies();
    expect(log).toEqual(['up', 'down']);
    await timers.advance(500);
    await socket().open();
    expect(socket().last).toMatchObject({ type: 'resume', session: 's', last_seq: 8 });
    await socket().says({ type: 'resumed', re: socket().last.id, snapshot: null, media_lost: false });
    await socket().says({ type: 'room_changed', seq: 9, room });
    expect(log).toEqual(['up', 'down', 'up']);
    expect(resumed).toHaveLength(1);
    expect(events).toHaveLength(2);
  });

  it('counts on from the snapshot when there is one', async () => {
    await joined(7);
    await socket().dies();
    await timers.advance(500);
    await socket().open();
    await socket().says({ type: 'resumed', re: socket().last.id, snapshot: snapshot(90), media_lost: true });
    await socket().says({ type: 'room_changed', seq: 90, room });
    expect(events).toEqual([]);
  });

  it('is tried again within a second, then ever slower up to five', () => {
    expect(backOffMs(0, 0)).toBe(0);
    expect(backOffMs(0, 0.999)).toBeLessThan(1000);
    const waits = [1, 2, 3, 4, 5, 50].map((tries) => backOffMs(tries, 0.5));
    expect(waits).toEqual([1500, 2500, 4500, 5000, 5000, 5000]);
  });

  it('keeps trying while the sockets do not open', async () => {
    await joined();
    await socket().dies();
    for (let tries = 0; tries < 4; tries += 1) {
      await timers.advance(5_000);
      await socket().dies();
    }
    expect(sockets.length).toBeGreaterThanOrEqual(5);
  });

  it('is tried at once when the network is back', async () => {
    await joined();
    channel.networkLost();
    await settled();
    expect(log).toEqual(['up', 'down']);
    channel.tryNow();
    expect(sockets).toHaveLength(2);
    await timers.advance(400);
    expect(sockets).toHaveLength(2);
  });

  it('whose seat is gone is told, and a new join takes a new socket', async () => {
    await joined();
    await socket().dies();
    await timers.advance(500);
    await socket().open();
    await socket().says({ type: 'failed', re: socket().last.id, code: 'session_refused', message: '' });
    expect(log).toEqual(['up', 'down', 'session lost']);
    await socket().dies();
    await timers.advance(60_000);
    expect(sockets).toHaveLength(2);
    await joined(1);
    expect(sockets).toHaveLength(3);
    expect(log.at(-1)).toBe('up');
  });
});

describe('a closed channel', () => {
  it.each([
    [4403, 'removed'],
    [4410, 'ended'],
    [4409, 'elsewhere'],
    [4408, 'lost'],
    [4400, 'left'],
    [4401, 'signed_out'],
  ])('knows from code %i that it is «%s» and does not come back', async (code, reason) => {
    await joined();
    await socket().dies(code);
    await timers.advance(60_000);
    expect(log).toEqual(['up', `closed ${reason}`]);
    expect(sockets).toHaveLength(1);
  });

  it('takes the reason from the last message and says it once', async () => {
    await joined();
    await socket().says({ type: 'closed', reason: 'ended' });
    await socket().dies(4410);
    expect(log).toEqual(['up', 'closed ended']);
  });

  it('that was closed here says nothing more', async () => {
    await joined();
    channel.close();
    expect(socket().closedWith).toBe(1000);
    await socket().says({ type: 'room_changed', seq: 99, room });
    await timers.advance(60_000);
    expect(log).toEqual(['up']);
    expect(events).toEqual([]);
    expect(timers.waiting).toEqual([]);
  });
});
