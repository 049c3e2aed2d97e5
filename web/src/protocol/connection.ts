// One WebSocket of `zvonok.v1`: requests with numbers become promises with deadlines, everything else is an event.
// channel.ts opens one after the other; it knows no reconnect and no room, and its socket and timers are passed in.
// A network that is gone closes no socket, and the server's pings are not seen here: a socket on which nothing comes is
// asked for a sign of life, and given up when there is none, minutes before TCP would.

import type {
  ClientMessage,
  Done,
  Failed,
  Joined,
  Reoffered,
  RestrictedReply,
  Resumed,
  ServerMessage,
} from './messages';
import type { Timers } from './timers';

export const SUBPROTOCOL = 'zvonok.v1';

export interface SocketEvents {
  onOpen(): void;
  onMessage(data: unknown): void;
  onClose(code: number): void;
}

/** What is used of the browser's WebSocket. */
export interface Socket {
  listen(events: SocketEvents): void;
  send(frame: string): void;
  close(code: number): void;
}

type Replies = {
  readonly [Type in ClientMessage['type']]: Type extends 'join'
    ? Joined
    : Type extends 'resume'
      ? Resumed
      : Type extends 'reoffer'
        ? Reoffered
        : Type extends 'restrict'
          ? RestrictedReply
          : Done;
};
type Without<Message> = Message extends ClientMessage ? Omit<Message, 'id'> : never;
export type Ask = Without<ClientMessage>;
export type ReplyTo<Type extends ClientMessage['type']> = Replies[Type];
export type AnyReply = Joined | Resumed | Reoffered | RestrictedReply | Done;
export type Event = Exclude<ServerMessage, AnyReply | Failed>;

/** `silent`: not answered in time. `gone`: the socket closed (or was never there). */
export interface Refused {
  readonly ok: false;
  readonly code: Failed['code'] | 'silent' | 'gone';
  readonly message: string;
  readonly retryAfter: number | null;
}
export type Outcome<Reply> = { readonly ok: true; readonly reply: Reply } | Refused;

export interface ConnectionEvents {
  onOpen(): void;
  onEvent(event: Event): void;
  onClose(code: number): void;
}

export const gone: Refused = {
  ok: false,
  code: 'gone',
  message: 'the connection is closed',
  retryAfter: null,
};
/** Tells the server that the page is still there and comes back; after 1000 it is taken for closed. */
export const GIVEN_UP = 4000;
const FINISHED = 1000;

const DEADLINE_MS: Readonly<Partial<Record<ClientMessage['type'], number>>> = {
  join: 10_000,
  reoffer: 8_000,
};
const USUAL_DEADLINE_MS = 5_000;
/** Nothing came in so many looks, one after the other: the server is asked for a sign of life. */
const QUIET_LOOKS = 2;
const LOOK_EVERY_MS = 1_000;
const SIGN_WITHIN_MS = 2_500;
/** The media have lost their way already, so less patience is needed. */
const SUSPECT_WITHIN_MS = 1_500;

interface Waiting {
  readonly settle: (outcome: Outcome<AnyReply>) => void;
  readonly forget: () => void;
}

function parse(data: unknown): ServerMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const message: unknown = JSON.parse(data);
    const typed = typeof message === 'object' && message !== null && 'type' in message;
    return typed ? (message as ServerMessage) : null;
  } catch {
    return null;
  }
}

const outcomeOf = (message: AnyReply | Failed): Outcome<AnyReply> =>
  message.type === 'failed'
    ? { ok: false, code: message.code, message: message.message, retryAfter: message.retry_after ?? null }
    : { ok: true, reply: message };

export class Connection {
  private waiting = new Map<number, Waiting>();
  private nextId = 1;
  private state: 'opening' | 'open' | 'closed' = 'opening';
  private quietLooks = 0;
  private asking = false;
  /** A join of 24 KB takes seconds on a thin line: it has its own deadline, and nothing is asked behind it. */
  private entering = false;
  private cancelLook: () => void = () => undefined;

  /** `signOfLife`: a request that the server answers and that changes nothing. */
  constructor(
    private readonly socket: Socket,
    private readonly timers: Timers,
    private readonly signOfLife: () => Ask,
    private readonly events: ConnectionEvents,
  ) {
    socket.listen({
      onOpen: () => {
        this.state = 'open';
        this.lookLater();
        events.onOpen();
      },
      onMessage: (data) => this.receive(parse(data)),
      onClose: (code) => this.end(code),
    });
  }

  /** Never rejects. A request that stays unanswered gives the socket up: its other end is not there any more. */
  request<A extends Ask>(
    ask: A,
    deadlineMs = DEADLINE_MS[ask.type] ?? USUAL_DEADLINE_MS,
  ): Promise<Outcome<ReplyTo<A['type']>>> {
    if (this.state !== 'open') return Promise.resolve(gone);
    const id = this.nextId++;
    if (ask.type === 'join') this.entering = true;
    return new Promise((resolve) => {
      const forget = this.timers.after(deadlineMs, () => {
        this.settle(id, { ok: false, code: 'silent', message: `no answer to ${ask.type}`, retryAfter: null });
        this.giveUp();
      });
      this.waiting.set(id, { settle: resolve as Waiting['settle'], forget });
      this.socket.send(JSON.stringify({ ...ask, id }));
    });
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** Something says that the network may be gone: the server is asked at once. */
  suspect(): void {
    this.askForSign(SUSPECT_WITHIN_MS);
  }

  /** Closes at once: a socket whose network is gone would tell of its close only after minutes. */
  giveUp(): void {
    this.shut(GIVEN_UP);
  }

  finish(): void {
    this.shut(FINISHED);
  }

  private lookLater(): void {
    this.cancelLook = this.timers.after(LOOK_EVERY_MS, () => {
      this.quietLooks += 1;
      if (this.quietLooks >= QUIET_LOOKS) this.askForSign(SIGN_WITHIN_MS);
      if (this.state === 'open') this.lookLater();
    });
  }

  private askForSign(withinMs: number): void {
    if (this.asking || this.entering || this.state !== 'open') return;
    this.asking = true;
    void this.request(this.signOfLife(), withinMs).then(() => {
      this.asking = false;
    });
  }

  private shut(code: number): void {
    this.socket.close(code);
    this.end(code);
  }

  private receive(message: ServerMessage | null): void {
    if (!message || this.state === 'closed') return;
    this.quietLooks = 0;
    this.entering = false;
    if (message.type === 'at_the_door') this.waitForHosts();
    if ('re' in message) this.settle(message.re, outcomeOf(message));
    else this.events.onEvent(message);
  }

  /** The only request of somebody at the door is the join: it is answered when a host lets its person in. */
  private waitForHosts(): void {
    for (const { forget } of this.waiting.values()) forget();
  }

  private settle(id: number, outcome: Outcome<AnyReply>): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.forget();
    waiting?.settle(outcome);
  }

  private end(code: number): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.cancelLook();
    for (const id of [...this.waiting.keys()]) this.settle(id, gone);
    this.events.onClose(code);
  }
}
