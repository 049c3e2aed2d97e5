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
  GIVEN_UP,
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
  readonly openSocket: () => Socket;
  /** A request that the server answers and that changes nothing. */
  readonly signOfLife: () => Ask;
  /** Asks the server for any answer until there is one, by a way that opens afresh; the returned function ends it. */
  readonly seek: (found: () => void) => () => void;
  readonly timers: Timers;
  /** 0 ≤ x < 1. */
  random(): number;
}

export interface ChannelEvents {
  onEvent(event: Event): void;
  onLink(link: 'up' | 'down'): void;
  /** `afterSilence`: the network was gone, not the server. */
  onResumed(resumed: Resumed, afterSilence: boolean): void;
  /** The seat is gone: join again with a new ticket. */
  onSessionLost(): void;
  onClosed(reason: Closed['reason']): void;
}

/** A socket that is lost is sought at once and often for so long, at random moments, so that a class does not come
 *  back in one; then ever slower. */
const HURRY_MS = 6_000;
const LEAST_WAIT_MS = 250;
const WAIT_SPREAD_MS = 350;
const SLOWEST_TRY_MS = 5_000;
/** Into a network that swallows everything only repeated packets of the opening find their way, about one a second, and
 *  after some seconds ever slower: then the next attempt takes over without a pause, nobody is hit by it. Browsers hold up
 *  a page that has opened many in vain, so they are few after the first seconds, and the server is sought beside them. */
const OPEN_WITHIN_MS = { first: 5_000, hurried: 2_000, patient: 8_000 };
/** An attempt that is younger than this is not thrown away for another one. */
const YOUNG_MS = 300;
const REASON_OF_CODE: Readonly<Record<number, Closed['reason']>> = {
  4400: 'left',
  4401: 'signed_out',
  4403: 'removed',
  4404: 'declined',
  4408: 'lost',
  4409: 'elsewhere',
  4410: 'ended',
};

/** `refusals`: attempts that found nobody, one after the other, after the hurry. */
export function backOffMs(refusals: number, random: number): number {
  const jitter = LEAST_WAIT_MS + random * WAIT_SPREAD_MS;
  return refusals === 0 ? jitter : Math.min(SLOWEST_TRY_MS, 250 * 2 ** refusals + jitter);
}

export class Channel {
  private connection: Connection | null = null;
  private opened: Promise<boolean> = Promise.resolve(false);
  private session: string | null = null;
  private lastSeq = 0;
  private refusals = 0;
  private hurried = false;
  private young = false;
  private fellSilent = false;
  private finished = false;
  private cancelTry: (() => void) | null = null;
  private cancelHurry: () => void = () => undefined;
  private cancelSeek: (() => void) | null = null;
  private link: 'up' | 'down' | null = null;
  private unanswered = false;

  constructor(
    private readonly parts: ChannelParts,
    private readonly events: ChannelEvents,
  ) {}

  /** Opens the first socket, so that it is there by the time the ticket is. */
  open(): void {
    if (!this.connection && !this.finished) this.opened = this.connect(OPEN_WITHIN_MS.first);
  }

  async join(join: Omit<Join, 'id' | 'type'>): Promise<Outcome<Joined>> {
    this.open();
    if (!(await this.opened) || !this.connection) return gone;
    const outcome = await this.connection.request({ type: 'join', ...join });
    if (!outcome.ok) this.unanswered ||= outcome.code === 'gone' || outcome.code === 'silent';
    if (!outcome.ok || this.finished) return outcome;
    this.session = outcome.reply.session;
    this.lastSeq = outcome.reply.snapshot.seq;
    this.say('up');
    return outcome;
  }

  /** A join was said and its answer swallowed. The seat may be this page's own already; asking its person then would ask about
   *  nobody. Another tab that has it gives way unasked. */
  get joinLost(): boolean {
    return this.unanswered;
  }

  request<A extends Ask>(ask: A): Promise<Outcome<ReplyTo<A['type']>>> {
    return this.connection ? this.connection.request(ask) : Promise.resolve(gone);
  }

  /** The browser says that the network is gone: the socket is given up, since it would notice only after minutes. */
  networkLost(): void {
    this.connection?.giveUp();
  }

  /** The media have lost their way: if the network is gone, this socket is, too. */
  suspect(): void {
    this.connection?.suspect();
  }

  /** The browser says that a network is there, the media have found their way, or the person is impatient. */
  tryNow(): void {
    if (this.link !== 'down' || this.session === null || this.finished) return;
    const stale = this.connection;
    if (stale && (stale.isOpen || this.young)) return;
    this.beginHurry();
    this.connection = null;
    stale?.giveUp();
    this.resume();
  }

  close(): void {
    if (this.finished) return;
    this.finished = true;
    this.cancelTry?.();
    this.cancelHurry();
    this.seekNoMore();
    this.connection?.finish();
  }

  private connect(withinMs: number): Promise<boolean> {
    const { timers, openSocket, signOfLife } = this.parts;
    return new Promise((resolve) => {
      let isLate = false;
      const connection = new Connection(openSocket(), timers, signOfLife, {
        onOpen: () => {
          tooLate();
          this.seekNoMore();
          resolve(true);
        },
        onEvent: (event) => this.receive(event),
        onClose: (code) => {
          tooLate();
          old();
          resolve(false);
          this.lost(connection, code, isLate);
        },
      });
      const tooLate = timers.after(withinMs, () => {
        isLate = true;
        connection.giveUp();
      });
      this.young = true;
      const old = timers.after(YOUNG_MS, () => {
        if (this.connection === connection) this.young = false;
      });
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

  private lost(connection: Connection, code: number, isLate: boolean): void {
    if (this.connection !== connection) return;
    this.connection = null;
    if (this.finished) return;
    const reason = REASON_OF_CODE[code];
    if (reason) this.end(reason);
    else if (this.session !== null) {
      if (this.link === 'up') {
        this.beginHurry();
        this.fellSilent = code === GIVEN_UP;
      } else if (!this.hurried && !isLate) this.refusals += 1;
      this.say('down');
      if (isLate || code === GIVEN_UP) this.seek();
      if (isLate) this.resume();
      else this.tryLater();
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

  private beginHurry(): void {
    this.refusals = 0;
    this.hurried = true;
    this.cancelHurry();
    this.cancelHurry = this.parts.timers.after(HURRY_MS, () => {
      this.hurried = false;
    });
  }

  /** Nothing tells a page that a network which swallowed everything is there again. */
  private seek(): void {
    this.cancelSeek ??= this.parts.seek(() => {
      this.seekNoMore();
      if (this.young) this.parts.timers.after(YOUNG_MS, () => this.tryNow());
      else this.tryNow();
    });
  }

  private seekNoMore(): void {
    this.cancelSeek?.();
    this.cancelSeek = null;
  }

  private tryLater(): void {
    this.cancelTry?.();
    const wait = backOffMs(this.refusals, this.parts.random());
    this.cancelTry = this.parts.timers.after(wait, () => this.resume());
  }

  private resume(): void {
    this.cancelTry?.();
    this.cancelTry = null;
    this.opened = this.connect(this.hurried ? OPEN_WITHIN_MS.hurried : OPEN_WITHIN_MS.patient);
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
    this.settle();
    if (resumed.snapshot) this.lastSeq = resumed.snapshot.seq;
    this.say('up');
    this.events.onResumed(resumed, this.fellSilent);
  }

  private forgetSession(): void {
    this.session = null;
    this.settle();
    this.events.onSessionLost();
  }

  private settle(): void {
    this.refusals = 0;
    this.hurried = false;
    this.cancelHurry();
  }
}
