// The composition of a lesson: protocol, state and ui/rtc wired together for the room's page, which gets views and gives
// intents (lesson-intents.ts). `openLesson` is the press on «Войти»; what can be made before it is in preparing.ts. Everything
// that can go on at the same time does: the ticket, the WebSocket and the offer.

import { backOffMs, Channel } from './protocol/channel';
import { gone, type Ask, type Outcome, type Refused, type ReplyTo } from './protocol/connection';
import type { Refusal } from './protocol/documents';
import type { Api } from './protocol/http';
import type { Joined, MediaOffer } from './protocol/messages';
import { Wishes } from './protocol/wishes';
import { beforePaint, TIMERS } from './clocks';
import { intentsOf } from './lesson-intents';
import { mark, marked } from './marks';
import { discard, type Prepared } from './preparing';
import { seekServer } from './seeking';
import { openSocket } from './socket';
import type { AttachPicture, ClosedReason, LessonIntents, LessonView, Saver } from './state/lesson';
import { floorOpens, step, wakesAt, type RoomInput } from './state/room';
import { openRoom, ownOf, type RoomEvent, type RoomState } from './state/room-state';
import { shared } from './state/shared';
import { screenKey, sourcesOf, viewOf } from './state/view';
import { touchesPictures, wantedTracks, type ShownTile } from './state/wanted';
import type { Devices } from './ui/rtc/devices';
import { isFloating } from './ui/room/floating';
import { OwnMedia, toggleOf } from './ui/rtc/own-media';
import { canShareScreen } from './ui/rtc/share';
import { isSlow } from './ui/rtc/slow-device';
import { watchDevicesAndPage } from './watching';

export interface OpenLesson {
  readonly intents: LessonIntents;
  readonly attach: AttachPicture;
  close(): void;
}

export interface LessonOptions {
  readonly lesson: string;
  readonly kind: RoomState['kind'];
  readonly observes: boolean;
  readonly api: Api;
  readonly devices: Devices;
  readonly prepared: Prepared;
  readonly saver: Saver;
  /** The person wants the lesson here, though another tab of this browser has it. */
  readonly takeOver: boolean;
  onView(view: LessonView): void;
}

/** Events that come so soon after a resume are of the time before: what they open was not asked for just now. */
const CATCHING_UP_MS = 1_000;
const VIEW_DEBOUNCE_MS = 30;
const LEAVE_WITHIN_MS = 500;
const CLOSED_BY_REFUSAL: Readonly<Partial<Record<string, ClosedReason>>> = {
  ended: 'ended',
  removed: 'removed',
  already_here: 'already_here',
};
const PASSING: readonly string[] = [
  'unavailable',
  'too_many',
  'overloaded',
  'media_unavailable',
  'ticket_refused',
  'gone',
  'silent',
];

class LessonRoom {
  readonly own: OwnMedia;
  readonly wishes: Wishes;
  private now: RoomState;
  private readonly channel: Channel;
  private readonly unwatch: () => void;
  private shown: readonly ShownTile[] | null = null;
  private viewSent = '[]';
  private finished = false;
  /** This page has had the seat: coming back to it takes it from nobody. */
  private wasSeated = false;
  private resumedAt = -Infinity;
  private view: LessonView | undefined;
  private cancelDraw: (() => void) | null = null;
  private askDue: ReturnType<typeof setTimeout> | undefined;
  private wake: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LessonOptions) {
    const { devices, prepared } = options;
    this.now = openRoom({
      kind: options.kind,
      observes: options.observes,
      microphone: toggleOf(devices.view.microphone),
      camera: toggleOf(devices.view.camera),
      held: devices.view.held,
      canShare: canShareScreen(),
      saver: options.saver,
      slowDevice: isSlow(),
    });
    this.channel = this.makeChannel();
    this.wishes = new Wishes((ask) => this.ask(ask), TIMERS);
    this.own = new OwnMedia({
      devices,
      send: (kind, track) => prepared.link.send(kind, track),
      tell: (media, mute_seen) => this.told({ type: 'set_media', media, mute_seen }),
      onFacts: (facts) => this.put({ type: 'own', own: facts }),
    });
    this.beginMedia();
    this.unwatch = watchDevicesAndPage({
      devices,
      prepared,
      network: {
        onLost: () => this.channel.networkLost(),
        onChanged: () => {
          this.channel.tryNow();
          this.channel.suspect();
          prepared.link.restart();
        },
      },
      onFacts: (own) => this.put({ type: 'own', own }),
      onSeen: () => this.sendView(),
      onDevices: () => this.showPictures(),
    });
  }

  private makeChannel(): Channel {
    return new Channel(
      {
        openSocket,
        seek: seekServer,
        signOfLife: () => ({ type: 'set_view', tracks: this.tracks() }),
        timers: TIMERS,
        random: () => Math.random(),
      },
      {
        onEvent: (event) => this.hear(event),
        onLink: (link) => this.put({ type: 'own', own: { link } }),
        onResumed: ({ snapshot, media_lost }, afterSilence) => {
          this.resumedAt = performance.now();
          this.put({ type: 'resumed', snapshot });
          void this.repeatWishes();
          this.options.prepared.link.resumed(media_lost, afterSilence);
        },
        onSessionLost: () => void this.enter(() => this.options.prepared.link.prepare()),
        onClosed: (reason) => this.finish(reason),
      },
    );
  }

  private beginMedia(): void {
    const { link, pictures, sound } = this.options.prepared;
    sound.onBlocked = (soundBlocked) => this.put({ type: 'own', own: { soundBlocked } });
    link.begin({
      reoffer: (offer) => this.channel.request({ type: 'reoffer', offer }),
      settle: (connection) => void this.channel.request({ type: 'settle', connection }),
      tracks: () => this.own.tracks,
      onMedia: (media) => this.mediaChanged(media),
      onConnected: () => mark('ice_connected'),
      onDisconnected: () => this.channel.suspect(),
    });
    pictures.onChange = (shown) => {
      this.put({ type: 'own', own: { pictures: shown } });
      link.picturesChanged();
    };
    pictures.onFirst = () => mark('first_frame');
  }

  /** Media and channel go the same way: where the one is through again, the other may be, too. */
  private mediaChanged(media: 'up' | 'returning'): void {
    if (media === 'up') this.channel.tryNow();
    this.put({ type: 'own', own: { media } });
  }

  // ── in and out ──

  async enter(makeOffer: () => Promise<MediaOffer>): Promise<void> {
    const offer = makeOffer();
    for (let tries = 0; !this.finished; tries += 1) {
      const outcome = await this.knock(offer);
      if (outcome.ok) return this.seated(outcome.reply);
      if (!PASSING.includes(outcome.code)) {
        this.finish(CLOSED_BY_REFUSAL[outcome.code] ?? 'refused');
        return;
      }
      const wait = outcome.retryAfter === null ? backOffMs(tries, Math.random()) : outcome.retryAfter * 1000;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  private async knock(offering: Promise<MediaOffer>): Promise<Outcome<Joined> | Denied> {
    this.channel.open();
    const [ticket, offer] = await Promise.all([
      this.options.api.ticket(this.options.lesson).then(marked('ticket')),
      offering.then(marked('offer')),
    ]);
    if (!ticket.ok) return { ok: false, code: ticket.refusal.code, retryAfter: null };
    const { media } = this.own;
    const outcome = await this.channel.join({
      ticket: ticket.value.ticket,
      offer,
      media,
      take_over: this.options.takeOver || this.wasSeated || this.channel.joinLost,
    });
    if (outcome.ok) this.own.joined(media);
    return outcome;
  }

  private async seated({ you, answer, snapshot, layout }: Joined): Promise<void> {
    mark('joined');
    this.wasSeated = true;
    const accepted = this.options.prepared.link.accept(answer);
    const kept = this.wishes.has('layout') ? this.now.layout : layout;
    this.put({ type: 'joined', you, snapshot, layout: kept });
    this.viewSent = '[]';
    this.sendView();
    this.wishes.repeat();
    if (!(await accepted)) this.options.prepared.link.replace();
  }

  /** What is wished for holds across connections, so it is said again on each; what this person sends, only after
   *  everything that was missed: a host may have cut it meanwhile. The answer to the view comes after that. */
  private async repeatWishes(): Promise<void> {
    const tracks = this.tracks();
    this.viewSent = JSON.stringify(tracks);
    if (!(await this.channel.request({ type: 'set_view', tracks })).ok || this.finished) return;
    void this.own.told();
    this.wishes.repeat();
  }

  finish(reason: ClosedReason): void {
    if (this.finished) return;
    this.put({ type: 'own', own: { closed: reason } });
    this.draw();
    this.close();
  }

  close(): void {
    if (this.finished) return;
    this.finished = true;
    clearTimeout(this.wake);
    clearTimeout(this.askDue);
    this.cancelDraw?.();
    this.unwatch();
    this.channel.close();
    this.own.close();
    this.options.devices.close();
    discard(this.options.prepared);
  }

  // ── from the server and from this device ──

  private hear(event: RoomEvent): void {
    const { link, pictures } = this.options.prepared;
    if (event.type === 'slots_mapped') pictures.mapped(event);
    else if (event.type === 'media_reset') link.replace();
    else if (event.type === 'please_reoffer') link.restart();
    else if (event.type === 'this_device') this.own.yield(event.taken);
    this.put({ type: 'event', event });
  }

  put(input: RoomInput): void {
    if (this.finished) return;
    const before = this.now;
    this.now = step(before, input, performance.now());
    this.obey(before, input);
    if (this.now !== before) this.follow(before);
    this.cancelDraw ??= beforePaint(() => this.draw());
  }

  private follow(before: RoomState): void {
    if (!touchesPictures(before, this.now)) return;
    this.showPictures();
    this.askForView();
  }

  /** What the hosts decide about this person holds on this device, too. */
  private obey(before: RoomState, input: RoomInput): void {
    const you = ownOf(this.now);
    if (you === ownOf(before) || you === null) return;
    this.options.prepared.link.publish(you.role !== 'observer');
    this.own.heed(you);
    if (!floorOpens(before, this.now)) return;
    const isLive = input.type === 'event' && performance.now() - this.resumedAt > CATCHING_UP_MS;
    if (isLive) void this.own.set('microphone', true);
    else this.now = step(this.now, { type: 'asked', asked: 'microphone' }, performance.now());
  }

  draw(): void {
    this.cancelDraw?.();
    this.cancelDraw = null;
    if (this.finished) return;
    const now = performance.now();
    const view = shared(this.view, viewOf(this.now, now));
    if (view !== this.view) this.options.onView(view);
    this.view = view;
    clearTimeout(this.wake);
    const at = wakesAt(this.now, now);
    if (at !== null) this.wake = setTimeout(() => this.put({ type: 'tick' }), at - now);
  }

  private showPictures(): void {
    const { pictures } = this.options.prepared;
    pictures.assign(sourcesOf(this.now));
    const { you } = this.now;
    if (you === null) return;
    const { camera } = this.own.tracks;
    const { ownScreen } = this.own;
    pictures.assignOwn(
      new Map([
        ...(camera ? [[you, camera] as const] : []),
        ...(ownScreen ? [[screenKey(you), ownScreen] as const] : []),
      ]),
    );
  }

  isOwn(key: string): boolean {
    const { you } = this.now;
    return you !== null && (key === you || key === screenKey(you));
  }

  // ── requests ──

  private tracks(): ReturnType<typeof wantedTracks> {
    return wantedTracks(this.now, this.shown, document.hidden && !isFloating());
  }

  private askForView(): void {
    if (this.askDue !== undefined || this.now.you === null) return;
    this.askDue = setTimeout(() => this.sendView(), VIEW_DEBOUNCE_MS);
  }

  private sendView(): void {
    clearTimeout(this.askDue);
    this.askDue = undefined;
    const tracks = this.tracks();
    const text = JSON.stringify(tracks);
    if (text === this.viewSent) return;
    this.viewSent = text;
    void this.told({ type: 'set_view', tracks });
  }

  /** On the way in there is nobody yet whom the server could ask for anything: what is wished for is said once there is. */
  private ask<A extends Ask>(ask: A): Promise<Outcome<ReplyTo<A['type']>>> {
    return this.now.you === null ? Promise.resolve(gone) : this.channel.request(ask);
  }

  /** False when the server refuses; what a lost connection swallows is said again after it. */
  async told(ask: Ask): Promise<boolean> {
    const outcome = await this.ask(ask);
    if (outcome.ok || outcome.code === 'gone' || outcome.code === 'silent') return true;
    this.put({ type: 'refused', ask: ask.type, code: outcome.code });
    return false;
  }

  // ── of the intents ──

  intents(): LessonIntents {
    return intentsOf({
      own: this.own,
      wishes: this.wishes,
      state: () => this.now,
      put: (input) => this.put(input),
      request: (ask) => this.ask(ask),
      told: (ask) => this.told(ask),
      show: (tiles) => this.show(tiles),
      startSound: () => this.options.prepared.sound.start(),
      leave: () => this.leave(),
      tryNow: () => this.channel.tryNow(),
      newKey: () => crypto.getRandomValues(new Uint32Array(2)).join('-'),
    });
  }

  private leave(): void {
    const told = this.channel.request({ type: 'leave' });
    const late = new Promise((resolve) => setTimeout(resolve, LEAVE_WITHIN_MS));
    void Promise.race([told, late]).then(() => this.finish('left'));
  }

  /** A stage without a room has no tiles: the first are asked for without it, with the answer to the join. */
  private show(tiles: readonly ShownTile[]): void {
    if (this.now.you === null) return;
    this.shown = tiles;
    this.put({ type: 'shown', keys: tiles.map(({ key }) => key) });
    this.sendView();
  }
}

type Denied = Omit<Refused, 'code' | 'message'> & { readonly code: Refusal['code'] };

/** The press on «Войти»: views follow until `close`, or until one says `closed`. */
export function openLesson(options: LessonOptions): OpenLesson {
  mark('press');
  const room = new LessonRoom(options);
  // The door is gone with the press: the first view says that the way in is being made.
  room.draw();
  void room.enter(() => options.prepared.offer);
  return {
    intents: room.intents(),
    attach: options.prepared.pictures.attach((key) => room.isOwn(key)),
    close: () => room.close(),
  };
}
