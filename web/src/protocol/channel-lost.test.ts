import { beforeEach, describe, expect, it } from 'vitest';
import { backOffMs } from './channel';
import { room, snapshot, TriedChannel } from './channel.fake';
import { settled } from './socket.fake';

let tried: TriedChannel;

beforeEach(() => {
  tried = new TriedChannel();
});

describe('a network that swallows everything', () => {
  it('is noticed within five seconds, though no socket closes', async () => {
    await tried.joined();
    await tried.timers.advance(4_500);
    expect(tried.log).toEqual(['up', 'down']);
  });

  it('is noticed sooner when the media have lost their way', async () => {
    await tried.joined();
    tried.channel.suspect();
    await tried.timers.advance(1_500);
    expect(tried.log).toEqual(['up', 'down']);
  });

  it('is not imagined in a silent room: a sign of life is asked for, and one is enough', async () => {
    await tried.joined();
    for (let look = 0; look < 20; look += 1) {
      await tried.timers.advance(3_000);
      expect(tried.socket.last).toMatchObject({ type: 'set_view' });
      await tried.socket.says({ type: 'done', re: tried.socket.last.id });
    }
    expect(tried.log).toEqual(['up']);
  });

  it('is not asked of a room that says something all the time', async () => {
    await tried.joined();
    for (let second = 0; second < 20; second += 1) {
      await tried.timers.advance(1_000);
      await tried.socket.says({ type: 'speaking', participants: [] });
    }
    expect(tried.socket.sent).toHaveLength(1);
  });

  it('is told from a server that has gone away', async () => {
    await tried.joined();
    const back = async () => {
      await tried.timers.advance(600);
      await tried.socket.open();
      await tried.socket.says({
        type: 'resumed',
        re: tried.socket.last.id,
        snapshot: null,
        media_lost: false,
      });
    };
    await tried.socket.dies();
    await back();
    tried.channel.networkLost();
    await back();
    expect(tried.silences).toEqual([false, true]);
  });

  it('is tried without a pause, by few attempts: browsers hold up who opens many', async () => {
    await tried.joined();
    await tried.socket.dies();
    await tried.timers.advance(6_000);
    expect(tried.sockets).toHaveLength(4);
    await tried.timers.advance(114_000);
    expect(tried.sockets.length).toBeGreaterThanOrEqual(17);
    expect(tried.sockets.length).toBeLessThanOrEqual(19);
  });

  it('is asked meanwhile whether the server is there, until a socket opens', async () => {
    await tried.joined();
    await tried.timers.advance(4_500);
    expect(tried.found).not.toBeNull();
    await tried.timers.advance(600);
    await tried.socket.open();
    expect(tried.found).toBeNull();
  });

  it('is tried at once when the server answers, in place of an attempt that hangs', async () => {
    await tried.joined();
    await tried.timers.advance(20_000);
    const before = tried.sockets.length;
    tried.found?.();
    expect(tried.sockets).toHaveLength(before + 1);
    expect(tried.found).toBeNull();
  });

  it('is tried again when a fresh attempt hangs though the server has answered', async () => {
    await tried.joined();
    tried.channel.networkLost();
    await tried.timers.advance(500);
    const before = tried.sockets.length;
    tried.found?.();
    expect(tried.sockets).toHaveLength(before);
    await tried.timers.advance(300);
    expect(tried.sockets).toHaveLength(before + 1);
  });

  it('is sought again when an answer was followed by silence', async () => {
    await tried.joined();
    await tried.timers.advance(20_000);
    tried.found?.();
    await tried.timers.advance(2_000);
    expect(tried.found).not.toBeNull();
  });

  it('is sought no more once the lesson is left', async () => {
    await tried.joined();
    await tried.timers.advance(4_500);
    tried.channel.close();
    expect(tried.found).toBeNull();
  });

  it('is not sought while the server only refuses', async () => {
    await tried.joined();
    await tried.socket.dies();
    expect(tried.found).toBeNull();
  });

  it('is tried at once when media have found their way, in place of an attempt that hangs', async () => {
    await tried.joined();
    await tried.socket.dies();
    await tried.timers.advance(500);
    expect(tried.sockets).toHaveLength(2);
    tried.channel.tryNow();
    expect(tried.sockets).toHaveLength(2);
    await tried.timers.advance(300);
    tried.channel.tryNow();
    expect(tried.sockets).toHaveLength(3);
    expect(tried.sockets[1]?.closedWith).toBe(4000);
    await tried.socket.open();
    expect(tried.socket.last).toMatchObject({ type: 'resume', session: 's' });
    tried.channel.tryNow();
    expect(tried.sockets).toHaveLength(3);
  });
});

describe('a lost socket', () => {
  it('is followed by a resume from the last event seen', async () => {
    await tried.joined(7);
    await tried.socket.says({ type: 'room_changed', seq: 8, room });
    await tried.socket.dies();
    expect(tried.log).toEqual(['up', 'down']);
    await tried.timers.advance(500);
    await tried.socket.open();
    expect(tried.socket.last).toMatchObject({ type: 'resume', session: 's', last_seq: 8 });
    await tried.socket.says({ type: 'resumed', re: tried.socket.last.id, snapshot: null, media_lost: false });
    await tried.socket.says({ type: 'room_changed', seq: 9, room });
    expect(tried.log).toEqual(['up', 'down', 'up']);
    expect(tried.resumed).toHaveLength(1);
    expect(tried.events).toHaveLength(2);
  });

  it('counts on from the snapshot when there is one', async () => {
    await tried.joined(7);
    await tried.socket.dies();
    await tried.timers.advance(500);
    await tried.socket.open();
    await tried.socket.says({
      type: 'resumed',
      re: tried.socket.last.id,
      snapshot: snapshot(90),
      media_lost: true,
    });
    await tried.socket.says({ type: 'room_changed', seq: 90, room });
    expect(tried.events).toEqual([]);
  });

  it.each([1006, 1012])('is tried again every 250 to 600 ms for six seconds after code %i', async (code) => {
    await tried.joined();
    await tried.socket.dies(code);
    const opened: number[] = [];
    for (let slice = 0; slice < 60; slice += 1) {
      const before = tried.sockets.length;
      await tried.timers.advance(100);
      if (tried.sockets.length === before) continue;
      opened.push(tried.timers.now);
      await tried.socket.dies();
    }
    expect(opened.length).toBeGreaterThanOrEqual(10);
    expect(opened[0]).toBeLessThanOrEqual(600);
  });

  it('is tried ever slower when nobody is there, up to five seconds', () => {
    expect(backOffMs(0, 0)).toBe(250);
    expect(backOffMs(0, 0.999)).toBeLessThan(600);
    const waits = [1, 2, 3, 4, 5, 50].map((refusals) => backOffMs(refusals, 0));
    expect(waits).toEqual([750, 1250, 2250, 4250, 5000, 5000]);
  });

  it('keeps trying while the sockets do not open', async () => {
    await tried.joined();
    await tried.socket.dies();
    for (let tries = 0; tries < 4; tries += 1) {
      await tried.timers.advance(5_000);
      await tried.socket.dies();
    }
    expect(tried.sockets.length).toBeGreaterThanOrEqual(5);
  });

  it('is tried at once when the network is back', async () => {
    await tried.joined();
    tried.channel.networkLost();
    await settled();
    expect(tried.log).toEqual(['up', 'down']);
    tried.channel.tryNow();
    expect(tried.sockets).toHaveLength(2);
    await tried.timers.advance(1_900);
    expect(tried.sockets).toHaveLength(2);
  });

  it('whose seat is gone is told, and a new join takes a new socket', async () => {
    await tried.joined();
    await tried.socket.dies();
    await tried.timers.advance(500);
    await tried.socket.open();
    await tried.socket.says({
      type: 'failed',
      re: tried.socket.last.id,
      code: 'session_refused',
      message: '',
    });
    expect(tried.log).toEqual(['up', 'down', 'session lost']);
    await tried.socket.dies();
    await tried.timers.advance(60_000);
    expect(tried.sockets).toHaveLength(2);
    await tried.joined(1);
    expect(tried.sockets).toHaveLength(3);
    expect(tried.log.at(-1)).toBe('up');
  });
});
