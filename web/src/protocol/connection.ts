// One WebSocket of `zvonok.v1`: requests with numbers become promises with deadlines, everything else is an event.
// channel.ts opens one after the other; it knows no reconnect and no room, and its socket and timers are passed in.

import type { ClientMessage, Done, Failed, Joined, Reoffered, Resumed, ServerMessage } from './messages';
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
        : Done;
};
type Without<Message> = Message extends ClientMessage ? Omit<Message, 'id'> : never;
export type Ask = Without<ClientMessage>;
export type ReplyTo<Type extends ClientMessage['type']> = Replies[Type];
export type AnyReply = Joined | Resumed | Reoffered | Done;
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
const GIVEN_UP = 4000;
const FINISHED = 1000;

const DEADLINE_MS: Readonly<Partial<Record<ClientMessage['type'], number>>> = {
  join: 10_000,
  reoffer: 8_000,
};
const USUAL_DEADLINE_MS = 5_000;

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

  constructor(
    private readonly socket: Socket,
    private readonly timers: Timers,
    private readonly events: ConnectionEvents,
  ) {
    socket.listen({
      onOpen: () => {
        this.state = 'open';
        events.onOpen();
      },
      onMessage: (data) => this.receive(parse(data)),
      onClose: (code) => this.end(code),
    });
  }

  /** Never rejects. A request that stays unanswered gives the socket up: its other end is not there any more. */
  request<A extends Ask>(ask: A): Promise<Outcome<ReplyTo<A['type']>>> {
    if (this.state !== 'open') return Promise.resolve(gone);
    const id = this.nextId++;
    return new Promise((resolve) => {
      const forget = this.timers.after(DEADLINE_MS[ask.type] ?? USUAL_DEADLINE_MS, () => {
        this.settle(id, { ok: false, code: 'silent', message: `no answer to ${ask.type}`, retryAfter: null });
        this.giveUp();
      });
      this.waiting.set(id, { settle: resolve as Waiting['settle'], forget });
      this.socket.send(JSON.stringify({ ...ask, id }));
    });
  }

  /** Closes at once: a socket whose network is gone would tell of its close only after minutes. */
  giveUp(): void {
    this.shut(GIVEN_UP);
  }

  finish(): void {
    this.shut(FINISHED);
  }

  private shut(code: number): void {
    this.socket.close(code);
    this.end(code);
  }

  private receive(message: ServerMessage | null): void {
    if (!message || this.state === 'closed') return;
    if ('re' in message) this.settle(message.re, outcomeOf(message));
    else this.events.onEvent(message);
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
    for (const id of [...this.waiting.keys()]) this.settle(id, gone);
    this.events.onClose(code);
  }
}
