// What a person presses in the room, carried out: own devices at once, everything else as a request or as a wish that a lost
// connection does not swallow. Made by lesson.ts for one lesson.

import type { Ask, Outcome, Refused, ReplyTo } from './protocol/connection';
import type { Layout, RestrictedReply } from './protocol/messages';
import type { Wishes } from './protocol/wishes';
import { askOfClass, askOfPerson, asksOfUndo, closedMicrophones, UNDONE } from './state/asks';
import type { ClassAction, LessonIntents, Saver } from './state/lesson';
import type { RoomInput } from './state/room';
import type { RoomState } from './state/room-state';
import { undoable } from './state/undo';
import type { ShownTile } from './state/wanted';
import type { OwnMedia } from './ui/rtc/own-media';

export interface LessonParts {
  readonly own: OwnMedia;
  readonly wishes: Wishes;
  state(): RoomState;
  put(input: RoomInput): void;
  request<A extends Ask>(ask: A): Promise<Outcome<ReplyTo<A['type']>>>;
  /** A request whose refusal the page says; true unless the server refuses. */
  told(ask: Ask): Promise<boolean>;
  show(tiles: readonly ShownTile[]): void;
  startSound(): void;
  leave(): void;
  tryNow(): void;
  newKey(): string;
}

const MOST_PINS = 4;

const isRestricted = (reply: { readonly type: string }): reply is RestrictedReply =>
  reply.type === 'restricted';

/** Whoever has pressed must know what has not got through: nothing says it again by itself. */
function refused(parts: LessonParts, ask: Ask, { code }: Refused): void {
  if (code === 'gone' || code === 'silent') parts.put({ type: 'swallowed' });
  else parts.put({ type: 'refused', ask: ask.type, code });
}

function act(parts: LessonParts, ask: Ask): void {
  void parts.request(ask).then((outcome) => {
    if (!outcome.ok) refused(parts, ask, outcome);
  });
}

/** What a host has closed stays off, and the page says why. */
function turn(parts: LessonParts, kind: 'microphone' | 'camera', on: boolean): void {
  if (on && parts.state()[kind] === 'closed') parts.put({ type: 'closed_pressed', kind });
  else void parts.own.set(kind, on);
}

/** Sound only is for a line that carries no picture, so the own camera goes off as well; it is not put on again by itself. */
function save(parts: LessonParts, saver: Saver): void {
  parts.put({ type: 'saver', saver });
  if (saver === 'sound' && parts.state().camera === 'on') void parts.own.set('camera', false);
}

function classAction(parts: LessonParts, action: ClassAction): void {
  const ask = askOfClass(action);
  const key = UNDONE[action];
  const before = closedMicrophones(parts.state());
  void parts.request(ask).then((outcome) => {
    if (!outcome.ok) refused(parts, ask, outcome);
    else if (key && isRestricted(outcome.reply)) {
      const { participants } = outcome.reply;
      parts.put({ type: 'undoable', undo: undoable(key, { participants, before }, performance.now()) });
    }
  });
}

function undo(parts: LessonParts): void {
  const { undo: done } = parts.state();
  parts.put({ type: 'undoable', undo: null });
  if (done) for (const ask of asksOfUndo(done)) act(parts, ask);
}

function sendChat(parts: LessonParts, text: string): void {
  const key = parts.newKey();
  parts.put({ type: 'chat_sent', pending: { key, text, at: Date.now() / 1000 } });
  parts.wishes.wish(`chat ${key}`, { type: 'send_chat', key, text }, (outcome) => {
    parts.put({ type: 'chat_answered', key, taken: outcome.ok });
  });
}

function setLayout(parts: LessonParts, change: Partial<Layout>): void {
  parts.put({ type: 'layout', change });
  parts.wishes.wish('layout', { type: 'set_layout', layout: parts.state().layout }, () => undefined);
}

function pin(parts: LessonParts, key: string, on: boolean): void {
  const others = parts.state().layout.pins.filter((pinned) => pinned !== key);
  setLayout(parts, { pins: on ? [...others, key].slice(-MOST_PINS) : others });
}

function raiseHand(parts: LessonParts, up: boolean): void {
  parts.wishes.wish('hand', { type: 'raise_hand', up }, (outcome) => {
    if (!outcome.ok) refused(parts, { type: 'raise_hand', up }, outcome);
  });
}

/** Ends only when the room has another host: a request that the network swallowed has named nobody. */
async function leave(parts: LessonParts, to: string | undefined): Promise<void> {
  if (to === undefined) {
    parts.leave();
    return;
  }
  const ask: Ask = { type: 'set_host', participant: to, host: true };
  const named = await parts.request(ask);
  if (named.ok) parts.leave();
  else refused(parts, ask, named);
}

function answerAsked(parts: LessonParts, turnOn: boolean): void {
  const { asked } = parts.state();
  parts.put({ type: 'asked', asked: null });
  if (turnOn && asked !== null) void parts.own.set(asked, true);
}

async function isTaken(asking: Promise<{ readonly ok: boolean }>): Promise<boolean> {
  return (await asking).ok;
}

/** Bound, so that the page may hand single intents on. */
export function intentsOf(parts: LessonParts): LessonIntents {
  const { own, wishes } = parts;
  const done = (ask: Ask): void => act(parts, ask);
  return {
    setMicrophone: (on) => turn(parts, 'microphone', on),
    setCamera: (on) => turn(parts, 'camera', on),
    setSharing: (on) => void own.setSharing(on),
    setShareMode: (mode) => void own.setShareMode(mode),
    pauseSharing: (paused) => void own.pauseSharing(paused),
    raiseHand: (up) => raiseHand(parts, up),
    setAnswer: (answer) => wishes.wish('answer', { type: 'set_answer', answer }, () => undefined),
    react: (reaction) => void parts.told({ type: 'react', reaction }),
    sendChat: (text) => sendChat(parts, text),
    removeChat: (message) => done({ type: 'remove_chat', message }),
    readChat: () => parts.put({ type: 'chat_read' }),
    setLayout: (change) => setLayout(parts, change),
    pin: (key, on) => pin(parts, key, on),
    act: (action, participant) => done(askOfPerson(action, participant, parts.state().room?.spotlight ?? [])),
    actOnClass: (action) => classAction(parts, action),
    undo: () => undo(parts),
    setRoom: (change) => done({ type: 'set_room', ...change }),
    admit: (waiting) => done({ type: 'admit', waiting }),
    decline: (waiting) => done({ type: 'decline', waiting }),
    remove: (participant, reason) => done({ type: 'remove_participant', participant, reason }),
    report: (report) => isTaken(parts.request({ type: 'report', ...report })),
    endLesson: () => done({ type: 'end_lesson' }),
    leave: (to) => void leave(parts, to),
    reconnectNow: () => parts.tryNow(),
    answerAsked: (turnOn) => answerAsked(parts, turnOn),
    setSaver: (saver) => save(parts, saver),
    startSound: () => parts.startSound(),
    takeSound: () => done({ type: 'take_sound' }),
    dismissSay: () => parts.put({ type: 'dismissed' }),
    show: (tiles) => parts.show(tiles),
  };
}
