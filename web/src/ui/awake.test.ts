import { describe, expect, it } from 'vitest';
import { keepAwake, type Lock, type Screen } from './awake';

/** A screen that counts the locks that hold it. */
class CountingScreen implements Screen {
  held = 0;
  asked = 0;
  seen = true;
  refuses = false;
  private then: (() => void) | null = null;

  request(): Promise<Lock> {
    this.asked += 1;
    if (this.refuses) return Promise.reject(new Error('battery'));
    this.held += 1;
    let mine = 1;
    return Promise.resolve({
      release: () => {
        this.held -= mine;
        mine = 0;
        return Promise.resolve();
      },
    });
  }

  visible(): boolean {
    return this.seen;
  }

  onSeen(then: () => void): () => void {
    this.then = then;
    return () => (this.then = null);
  }

  async becomes(seen: boolean): Promise<void> {
    this.seen = seen;
    this.then?.();
    await settled();
  }
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe('a screen in a lesson', () => {
  it('is kept on', async () => {
    const screen = new CountingScreen();
    keepAwake(screen);
    await settled();
    expect(screen.held).toBe(1);
  });

  it('is asked for again when the page comes back, and held once', async () => {
    const screen = new CountingScreen();
    keepAwake(screen);
    await screen.becomes(false);
    expect(screen.asked).toBe(1);
    await screen.becomes(true);
    expect([screen.asked, screen.held]).toEqual([2, 1]);
  });

  it('is let go with the lesson, even while the browser still thinks', async () => {
    const screen = new CountingScreen();
    keepAwake(screen)();
    await settled();
    await screen.becomes(true);
    expect([screen.asked, screen.held]).toEqual([1, 0]);
  });

  it('goes dark where the browser refuses', async () => {
    const screen = new CountingScreen();
    screen.refuses = true;
    const stop = keepAwake(screen);
    await settled();
    expect(screen.held).toBe(0);
    stop();
  });
});
