// The composition of a lesson: protocol, state and ui/rtc wired together for the room's page, which gets views and gives
// intents. `prepare` makes what can be made before the press on «Войти»; `openLesson` is the press. Everything that can go on at the same
// time does: the ticket, the WebSocket and the offer.

import { backOffMs, Channel } from './protocol/channel';
import { SUBPROTOCOL, type Ask, type Outcome, type Refused, type Socket } from './protocol/connection';
import type { Refusal } from './protocol/documents';
import type { Api } from './protocol/http';
import type { Joined, MediaOffer, ViewedTrack } from './protocol/messages';
import type { AttachPicture, ClosedReason, LessonIntents, LessonView } from './state/lesson';
import {
  muteOf,
  openRoom,
  step,
  wakesAt,
  type RoomEvent,
  type RoomInput,
  type RoomState,
} from './state/room';
import { screenKey, sourcesOf, viewOf } from './state/view';
import type { Devices } from './ui/rtc/devices';
import { watchNetwork } from './ui/rtc/network';
import { OwnMedia, toggleOf } from './ui/rtc/own-media';
import { canShareScreen } from './ui/rtc/share';
import { Pictures } from './ui/rtc/slots';
import { Sound } from './ui/rtc/sound';
import { MediaLink } from './ui/rtc/swap';
import { wantedTracks, type ShownTile } from './state/wanted';

export interface Prepared {
  readonly pictures: Pictures;
  readonly sound: Sound;
  readonly link: MediaLink;
  readonly offer: Promise<MediaOffer>;
}

export interface OpenLesson {
  readonly intents: LessonIntents;
  readonly attach: AttachPicture;
  close(): void;
}

export interface LessonOptions {
  readonly lesson: string;
  readonly api: Api;
  readonly devices: Devices;
  readonly prepared: Prepared;
  onView(view: LessonView): void;
}

const VIEW_DEBOUNCE_MS = 50;
const LEAVE_WITHIN_MS = 500;
const CLOSED_BY_REFUSAL: Readonly<Partial<Record<string, ClosedReason>>> = {
  ended: 'ended',
  removed: 'removed',
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

const mark = (what: string): unknown => performance.mark(`zvonok:${what}`);

/** The first PeerConnection and its offer; `publishes` is false for observers. Thrown away by `discard`. */
export function prepare(publishes: boolean): Prepared {
  const pictures = new Pictures();
  const sound = new Sound();
  const link = new MediaLink(publishes, pictures, sound);
  return { pictures, sound, link, offer: link.prepare() };
}

export function discard({ pictures, sound, link }: Prepared): void {
  link.close();
  sound.close();
  pictures.close();
}

function openSocket(): Socket {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/ws`, SUBPROTOCOL);
  return {
    listen(events) {
      socket.onopen = () => {
        mark('ws_open');
        events.onOpen();
      };
      socket.onmessage = ({ data }: MessageEvent<unknown>) => events.onMessage(data);
      socket.onclose = ({ code }) => events.onClose(code);
    },
    send: (frame) => socket.send(frame),
    close: (code) => socket.close(code),
  };
}

class LessonRoom implements LessonIntents {
  private state: RoomState;
  private readonly channel: Channel;
  private readonly own: OwnMedia;
  private readonly unwatchNetwork: () => void;
  private shown: readonly ShownTile[] | null = null;
  private viewSent = '[]';
  private finished = false;
  private viewDue = false;
  private askDue: ReturnType<typeof setTimeout> | undefined;
  private wake: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LessonOptions) {
    const { devices, prepared } = options;
    this.state = openRoom({
      microphone: toggleOf(devices.view.microphone),
      camera: toggleOf(devices.view.camera),
      canShare: canShareScreen(),
    });
    this.channel = new Channel(
      {
        openSocket,
        timers: { after: (ms, then) => stopper(setTimeout(then, ms)) },
        random: () => Math.random(),
      },
      {
        onEvent: (event) => this.hear(event),
        onLink: (link) => this.put({ type: 'own', own: { link } }),
        onResumed: ({ snapshot, media_lost }) => {
          this.put({ type: 'resumed', snapshot });
          this.repeatWishes();
          prepared.link.resumed(media_lost);
        },
        onSessionLost: () => void this.enter(() => prepared.link.prepare()),
        onClosed: (reason) => this.finish(reason),
      },
    );
    this.own = new OwnMedia({
      devices,
      send: (kind, track) => prepared.link.send(kind, track),
      tell: (media, mute_seen) => this.told({ type: 'set_media', media, mute_seen }),
      onFacts: (facts) => this.put({ type: 'own', own: facts }),
    });
    prepared.link.begin({
      reoffer: (offer) => this.channel.request({ type: 'reoffer', offer }),
      settle: (connection) => void this.channel.request({ type: 'settle', connection }),
      tracks: () => this.own.tracks,
      onMedia: (media) => this.put({ type: 'own', own: { media } }),
      onConnected: () => mark('ice_connected'),
    });
    prepared.pictures.onChange = (pictures) => {
      this.put({ type: 'own', own: { pictures } });
      prepared.link.picturesChanged();
    };
    prepared.pictures.onFirst = () => mark('first_frame');
    this.unwatchNetwork = watchNetwork({
      onLost: () => this.channel.networkLost(),
      onChanged: () => {
        this.channel.tryNow();
        prepared.link.restart();
      },
    });
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
    const outcome = await this.channel.join({ ticket: ticket.value.ticket, offer, media });
    if (outcome.ok) this.own.joined(media);
    return outcome;
  }

  private async seated({ you, answer, snapshot }: Joined): Promise<void> {
    mark('joined');
    const accepted = this.options.prepared.link.accept(answer);
    this.put({ type: 'joined', you, snapshot });
    this.sendView();
    if (!(await accepted)) this.options.prepared.link.replace();
  }

  /** What is wished for holds across connections, so it is said again on each. */
  private repeatWishes(): void {
    this.viewSent = '[]';
    this.sendView();
    void this.own.told();
  }

  finish(reason: ClosedReason): void {
    if (this.finished) return;
    this.put({ type: 'own', own: { closed: reason } });
    this.close();
  }

  close(): void {
    if (this.finished) return;
    this.finished = true;
    clearTimeout(this.wake);
    clearTimeout(this.askDue);
    this.unwatchNetwork();
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
    this.put({ type: 'event', event });
  }

  private put(input: RoomInput): void {
    if (this.finished) return;
    this.state = step(this.state, input, performance.now());
    this.own.heed(muteOf(this.state));
    this.showPictures();
    this.askForView();
    if (this.viewDue) return;
    this.viewDue = true;
    queueMicrotask(() => this.draw());
  }

  private draw(): void {
    this.viewDue = false;
    const now = performance.now();
    this.options.onView(viewOf(this.state, now));
    clearTimeout(this.wake);
    const at = wakesAt(this.state, now);
    if (at !== null && !this.finished) this.wake = setTimeout(() => this.put({ type: 'tick' }), at - now);
  }

  private showPictures(): void {
    const { pictures } = this.options.prepared;
    pictures.assign(sourcesOf(this.state));
    const { you } = this.state;
    if (you === null) return;
    const { camera, screen } = this.own.tracks;
    pictures.assignOwn(
      new Map([
        ...(camera ? [[you, camera] as const] : []),
        ...(screen ? [[screenKey(you), screen] as const] : []),
      ]),
    );
  }

  isOwn(key: string): boolean {
    const { you } = this.state;
    return you !== null && (key === you || key === screenKey(you));
  }

  // ── requests ──

  private askForView(): void {
    if (this.askDue !== undefined || this.state.you === null) return;
    this.askDue = setTimeout(() => this.sendView(), VIEW_DEBOUNCE_MS);
  }

  private sendView(): void {
    clearTimeout(this.askDue);
    this.askDue = undefined;
    const tracks: readonly ViewedTrack[] = wantedTracks(this.state, this.shown);
    const text = JSON.stringify(tracks);
    if (text === this.viewSent) return;
    this.viewSent = text;
    void this.told({ type: 'set_view', tracks });
  }

  /** False when the server refuses; what a lost connection swallows is said again after it. */
  private async told(ask: Ask): Promise<boolean> {
    const outcome = await this.channel.request(ask);
    if (outcome.ok || outcome.code === 'gone' || outcome.code === 'silent') return true;
    this.put({ type: 'refused', ask: ask.type });
    return false;
  }

  // ── intents ──

  setMicrophone(on: boolean): void {
    void this.own.set('microphone', on);
  }

  setCamera(on: boolean): void {
    void this.own.set('camera', on);
  }

  setSharing(on: boolean): void {
    void this.own.setSharing(on);
  }

  mute(participant: string): void {
    void this.told({ type: 'mute_participant', participant });
  }

  remove(participant: string, reason: Parameters<LessonIntents['remove']>[1]): void {
    void this.told({ type: 'remove_participant', participant, reason });
  }

  endLesson(): void {
    void this.told({ type: 'end_lesson' });
  }

  leave(): void {
    const told = this.channel.request({ type: 'leave' });
    const late = new Promise((resolve) => setTimeout(resolve, LEAVE_WITHIN_MS));
    void Promise.race([told, late]).then(() => this.finish('left'));
  }

  reconnectNow(): void {
    this.channel.tryNow();
  }

  dismissSay(): void {
    this.put({ type: 'dismissed' });
  }

  show(tiles: readonly ShownTile[]): void {
    this.shown = tiles;
    this.askForView();
  }
}

type Denied = Omit<Refused, 'code' | 'message'> & { readonly code: Refusal['code'] };

const stopper = (timer: ReturnType<typeof setTimeout>) => () => clearTimeout(timer);

const marked =
  (what: string) =>
  <T>(value: T): T => {
    mark(what);
    return value;
  };

/** The press on «Войти»: views follow until `close`, or until one says `closed`. */
export function openLesson(options: LessonOptions): OpenLesson {
  mark('press');
  const room = new LessonRoom(options);
  void room.enter(() => options.prepared.offer);
  return {
    intents: intentsOf(room),
    attach: options.prepared.pictures.attach((key) => room.isOwn(key)),
    close: () => room.close(),
  };
}

/** Bound, so that the page may hand single intents on. */
function intentsOf(room: LessonRoom): LessonIntents {
  return {
    setMicrophone: (on) => room.setMicrophone(on),
    setCamera: (on) => room.setCamera(on),
    setSharing: (on) => room.setSharing(on),
    mute: (participant) => room.mute(participant),
    remove: (participant, reason) => room.remove(participant, reason),
    endLesson: () => room.endLesson(),
    leave: () => room.leave(),
    reconnectNow: () => room.reconnectNow(),
    dismissSay: () => room.dismissSay(),
    show: (tiles) => room.show(tiles),
  };
}
