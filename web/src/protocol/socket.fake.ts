// A socket and a clock that tests move by hand; ordinary classes with the faces that connection.ts asks for.

import type { Socket, SocketEvents } from './connection';
import type { ClientMessage, ServerMessage } from './messages';
import type { Timers } from './timers';

export class HandTimers implements Timers {
  now = 0;
  private due: { at: number; then: () => void }[] = [];

  after(ms: number, then: () => void): () => void {
    const entry = { at: this.now + ms, then };
    this.due.push(entry);
    return () => {
      this.due = this.due.filter((other) => other !== entry);
    };
  }

  get waiting(): readonly number[] {
    return this.due.map(({ at }) => at - this.now);
  }

  async advance(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      const next = this.due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.due = this.due.filter((other) => other !== next);
      this.now = next.at;
      next.then();
      await settled();
    }
    this.now = until;
    await settled();
  }
}

/** All promises that are ready have run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

export class FakeSocket implements Socket {
  private events: SocketEvents | null = null;
  readonly sent: ClientMessage[] = [];
  closedWith: number | null = null;

  listen(events: SocketEvents): void {
    this.events = events;
  }

  send(frame: string): void {
    this.sent.push(JSON.parse(frame) as ClientMessage);
  }

  close(code: number): void {
    this.closedWith = code;
  }

  open(): Promise<void> {
    this.events?.onOpen();
    return settled();
  }

  says(message: ServerMessage): Promise<void> {
    return this.saysRaw(JSON.stringify(message));
  }

  saysRaw(data: unknown): Promise<void> {
    this.events?.onMessage(data);
    return settled();
  }

  dies(code = 1006): Promise<void> {
    this.events?.onClose(code);
    return settled();
  }

  get last(): ClientMessage {
    const message = this.sent.at(-1);
    if (!message) throw new Error('nothing was sent');
    return message;
  }
}
