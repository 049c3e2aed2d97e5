// The way to the server that outlives its WebSockets: join once, then resume with back-off whenever a socket is lost.
// lesson.ts owns one for each lesson and tells it what the browser says of the network; sockets, timers and random
// numbers are passed in.
//
//   idle ─open→ opening ─join→ joined ─socket lost→ waiting ─back-off→ resuming ─resumed→ joined
//                                                      ↑←─ socket lost, no answer ─┘
// A `closed` event, its close code or `close()` end it from anywhere; a session that cannot be resumed goes back to
// the owner, who joins again with a new ticket.

import {
  Connection,
  gone,
  type Ask,
  type Event,
  type Outcome,
  type ReplyTo,
  type Socket,
} from './connection';
import type { Closed, Join, Joined, Resumed } from './messages';
import type { Timers } from './timers';

export interface ChannelParts {
  openSocket(): Socket;
  readonly timers: Timers;
  /** 0 ≤ x < 1. */
  random(): number;
}

export interface ChannelEvents {
  onEvent(event: Event): void;
  onLink(link: 'up' | 'down'): void;
  onResumed(resumed: Resumed): void;
  /** The seat is gone: join again with a new ticket. */
  onSessionLost(): void;
  onClosed(reason: Closed['reason']): void;
}

/** First try within a second at random, so that a school does not come back in one moment; then ever slower. */
const FIRST_TRY_WITHIN_MS = 1000;
const SLOWEST_TRY_MS = 5000;
const OPEN_WITHIN_MS = 5000;
const REASON_OF_CODE: Readonly<Record<number, Closed['reason']>> = {
  4400: 'left',
  4401: 'signed_out',
  4403: 'removed',
  4408: 'lost',
  4409: 'elsewhere',
  4410: 'ended',
};

export function backOffMs(tries: number, random: number): number {
  const jitter = random * FIRST_TRY_WITHIN_MS;
  return tries === 0 ? jitter : Math.min(SLOWEST_TRY_MS, 500 * 2 ** tries + jitter);
}

export class Channel {
  private connection: Connection | null = null;
  private opened: Promise<boolean> = Promise.resolve(false);
  private session: string | null = null;
  private lastSeq = 0;
  private tries = 0;
  private finished = false;
  private cancelTry: (() => void) | null = null;
  private link: 'up' | 'down' | null = null;

  constructor(
    private readonly parts: ChannelParts,
    private readonly events: ChannelEvents,
  ) {}

  /** Opens the first socket, so that it is there by the time the ticket is. */
  open(): void {
    if (!this.connection && !this.finished) this.opened = this.connect();
  }

  async join(join: Omit<Join, 'id' | 'type'>): Promise<Outcome<Joined>> {
    this.open();
    if (!(await this.opened) || !this.connection) return gone;
    const outcome = await this.connection.request({ type: 'join', ...join });
    if (!outcome.ok || this.finished) return outcome;
    this.session = outcome.reply.session;
    this.lastSeq = outcome.reply.snapshot.seq;
    this.say('up');
    return outcome;
  }

  request<A extends Ask>(ask: A): Promise<Outcome<ReplyTo<A['type']>>> {
    return this.connection ? this.connection.request(ask) : Promise.resolve(gone);
  }

  /** The browser says that the network is gone: the socket is given up, since it would notice only after minutes. */
  networkLost(): void {
    if (this.session !== null) this.connection?.giveUp();
  }

  /** The browser says that a network is there, or the person is impatient. */
  tryNow(): void {
    if (this.cancelTry === null) return;
    this.tries = 0;
    this.cancelTry();
    this.resume();
  }

  close(): void {
    if (this.finished) return;
    this.finished = true;
    this.cancelTry?.();
    this.connection?.finish();
  }

  private connect(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = this.parts.openSocket();
      const connection = new Connection(socket, this.parts.timers, {
        onOpen: () => {
          tooLate();
          resolve(true);
        },
        onEvent: (event) => this.receive(event),
        onClose: (code) => {
          tooLate();
          resolve(false);
          this.lost(connection, code);
        },
      });
      const tooLate = this.parts.timers.after(OPEN_WITHIN_MS, () => connection.giveUp());
      this.connection = connection;
    });
  }

  private receive(event: Event): void {
    if (this.finished) return;
    if (event.type === 'closed') {
      this.end(event.reason);
      return;
    }
    if ('seq' in event) {
      if (event.seq <= this.lastSeq) return;
      this.lastSeq = event.seq;
    }
    this.events.onEvent(event);
  }

  private lost(connection: Connection, code: number): void {
    if (this.connection !== connection) return;
    this.connection = null;
    if (this.finished) return;
    const reason = REASON_OF_CODE[code];
    if (reason) this.end(reason);
    else if (this.session !== null) {
      this.say('down');
      this.tryLater();
    }
  }

  private end(reason: Closed['reason']): void {
    this.close();
    this.events.onClosed(reason);
  }

  private say(link: 'up' | 'down'): void {
    if (this.link === link) return;
    this.link = link;
    this.events.onLink(link);
  }

  private tryLater(): void {
    this.cancelTry?.();
    const wait = backOffMs(this.tries, this.parts.random());
    this.tries += 1;
    this.cancelTry = this.parts.timers.after(wait, () => this.resume());
  }

  private resume(): void {
    this.cancelTry = null;
    this.opened = this.connect();
    void this.opened.then((open) => (open ? this.askBack() : undefined));
  }

  private async askBack(): Promise<void> {
    const connection = this.connection;
    if (this.session === null || !connection) return;
    const outcome = await connection.request({
      type: 'resume',
      session: this.session,
      last_seq: this.lastSeq,
    });
    if (this.finished) return;
    if (outcome.ok) this.back(outcome.reply);
    else if (outcome.code === 'session_refused') this.forgetSession();
    else connection.giveUp();
  }

  private back(resumed: Resumed): void {
    this.tries = 0;
    if (resumed.snapshot) this.lastSeq = resumed.snapshot.seq;
    this.say('up');
    this.events.onResumed(resumed);
  }

  private forgetSession(): void {
    this.session = null;
    this.tries = 0;
    this.events.onSessionLost();
  }
}
