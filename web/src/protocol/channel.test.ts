import { beforeEach, describe, expect, it } from 'vitest';
import { offer, room, snapshot, TriedChannel } from './channel.fake';

let tried: TriedChannel;

beforeEach(() => {
  tried = new TriedChannel();
});

describe('a channel before the join', () => {
  it('opens its socket while the ticket is still on its way', () => {
    tried.channel.open();
    tried.channel.open();
    expect(tried.sockets).toHaveLength(1);
  });

  it('joins once and tells the answer', async () => {
    const outcome = await tried.joined();
    expect(outcome).toMatchObject({ ok: true, reply: { you: 'y', answer: 'a' } });
    expect(tried.socket.sent).toMatchObject([{ type: 'join', ticket: 't' }]);
    expect(tried.log).toEqual(['up']);
  });

  it('tells a refused ticket as a value', async () => {
    const outcome = tried.channel.join({ ticket: 't', offer, media: {} });
    await tried.socket.open();
    await tried.socket.says({
      type: 'failed',
      re: tried.socket.last.id,
      code: 'ticket_refused',
      message: 'used',
    });
    expect(await outcome).toMatchObject({ ok: false, code: 'ticket_refused' });
  });

  it('does not try again by itself, since a ticket is used once', async () => {
    const outcome = tried.channel.join({ ticket: 't', offer, media: {} });
    await tried.socket.open();
    await tried.socket.dies();
    expect(await outcome).toMatchObject({ ok: false, code: 'gone' });
    expect(tried.channel.joinLost).toBe(true);
    await tried.timers.advance(60_000);
    expect(tried.sockets).toHaveLength(1);
  });

  it('asks for no sign of life behind a join that is on its way over a thin line', async () => {
    void tried.channel.join({ ticket: 't', offer, media: {} });
    await tried.socket.open();
    await tried.timers.advance(4_000);
    tried.channel.suspect();
    await tried.timers.advance(5_000);
    expect(tried.socket.last.type).toBe('join');
    expect(tried.socket.closedWith).toBeNull();
  });

  it('says «gone» when no socket opens in time', async () => {
    const outcome = tried.channel.join({ ticket: 't', offer, media: {} });
    await tried.timers.advance(5_000);
    expect(await outcome).toMatchObject({ ok: false, code: 'gone' });
    expect(tried.channel.joinLost).toBe(false);
  });
});

describe('requests of a channel', () => {
  it('are answered by number, in any order', async () => {
    await tried.joined();
    const first = tried.channel.request({ type: 'set_media', media: { camera: true } });
    const second = tried.channel.request({ type: 'end_lesson' });
    const [a, b] = tried.socket.sent.slice(-2);
    await tried.socket.says({ type: 'failed', re: b?.id ?? 0, code: 'not_allowed', message: '' });
    await tried.socket.says({ type: 'done', re: a?.id ?? 0 });
    expect(await first).toMatchObject({ ok: true });
    expect(await second).toMatchObject({ ok: false, code: 'not_allowed' });
    expect(a?.id).not.toBe(b?.id);
  });

  it('give the socket up when they stay unanswered, and the seat is resumed on another', async () => {
    await tried.joined();
    const outcome = tried.channel.request({ type: 'raise_hand', up: true });
    for (let second = 0; second < 5; second += 1) {
      await tried.socket.says({ type: 'speaking', participants: [] });
      await tried.timers.advance(1_000);
    }
    expect(await outcome).toMatchObject({ ok: false, code: 'silent' });
    expect(tried.socket.closedWith).toBe(4000);
    await tried.timers.advance(500);
    expect(tried.sockets).toHaveLength(2);
  });

  it('are «gone» while there is no socket', async () => {
    expect(await tried.channel.request({ type: 'leave' })).toMatchObject({ ok: false, code: 'gone' });
    await tried.joined();
    const outcome = tried.channel.request({ type: 'end_lesson' });
    await tried.socket.dies();
    expect(await outcome).toMatchObject({ ok: false, code: 'gone' });
  });
});

describe('somebody at the door', () => {
  it('waits for hosts as long as they take, and is in when they say so', async () => {
    const outcome = tried.channel.join({ ticket: 't', offer, media: {} });
    await tried.socket.open();
    const { id } = tried.socket.last;
    await tried.socket.says({ type: 'at_the_door', host: 'Марина Сергеевна', expected: true, waiting: 1 });
    for (let minute = 0; minute < 10; minute += 1) {
      await tried.timers.advance(3_000);
      await tried.socket.says({ type: 'failed', re: tried.socket.last.id, code: 'bad_request', message: '' });
      await tried.socket.says({ type: 'at_the_door', host: 'Марина Сергеевна', expected: true, waiting: 2 });
    }
    await tried.socket.says({
      type: 'joined',
      re: id,
      session: 's',
      you: 'y',
      answer: 'a',
      snapshot: snapshot(1),
      layout: {},
    });
    expect(await outcome).toMatchObject({ ok: true });
    expect(tried.events.filter(({ type }) => type === 'at_the_door')).toHaveLength(11);
  });

  it('is told when it is declined', async () => {
    void tried.channel.join({ ticket: 't', offer, media: {} });
    await tried.socket.open();
    await tried.socket.says({ type: 'closed', reason: 'declined' });
    expect(tried.log).toEqual(['closed declined']);
  });

  it('knocks again on another socket when the network goes meanwhile', async () => {
    const outcome = tried.channel.join({ ticket: 't', offer, media: {} });
    await tried.socket.open();
    await tried.socket.says({ type: 'at_the_door', host: 'h', expected: true, waiting: 1 });
    tried.channel.networkLost();
    expect(await outcome).toMatchObject({ ok: false, code: 'gone' });
  });
});

describe('events of a channel', () => {
  it('are told once each, however often the server says them', async () => {
    await tried.joined(7);
    for (const seq of [7, 8, 8, 9]) await tried.socket.says({ type: 'room_changed', seq, room });
    expect(tried.events.map((event) => 'seq' in event && event.seq)).toEqual([8, 9]);
  });

  it('need no number when the next one replaces the last', async () => {
    await tried.joined();
    await tried.socket.says({ type: 'speaking', participants: ['a'] });
    await tried.socket.says({ type: 'speaking', participants: [] });
    expect(tried.events).toHaveLength(2);
  });

  it('that are no JSON of this protocol are passed over', async () => {
    await tried.joined();
    for (const frame of ['{', '[]', '7', 'null', new ArrayBuffer(1)]) await tried.socket.saysRaw(frame);
    expect(tried.events).toEqual([]);
    expect(tried.log).toEqual(['up']);
  });
});

describe('a closed channel', () => {
  it.each([
    [4403, 'removed'],
    [4410, 'ended'],
    [4409, 'elsewhere'],
    [4408, 'lost'],
    [4404, 'declined'],
    [4400, 'left'],
    [4401, 'signed_out'],
  ])('knows from code %i that it is «%s» and does not come back', async (code, reason) => {
    await tried.joined();
    await tried.socket.dies(code);
    await tried.timers.advance(60_000);
    expect(tried.log).toEqual(['up', `closed ${reason}`]);
    expect(tried.sockets).toHaveLength(1);
  });

  it('takes the reason from the last message and says it once', async () => {
    await tried.joined();
    await tried.socket.says({ type: 'closed', reason: 'ended' });
    await tried.socket.dies(4410);
    expect(tried.log).toEqual(['up', 'closed ended']);
  });

  it('that was closed here says nothing more', async () => {
    await tried.joined();
    tried.channel.close();
    expect(tried.socket.closedWith).toBe(1000);
    await tried.socket.says({ type: 'room_changed', seq: 99, room });
    await tried.timers.advance(60_000);
    expect(tried.log).toEqual(['up']);
    expect(tried.events).toEqual([]);
    expect(tried.timers.waiting).toEqual([]);
  });
});
