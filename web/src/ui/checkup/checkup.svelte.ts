// One check of line and devices from the press to the result: the steps, one after the other, and what they found. It
// owns the devices, the test picture and the connections; CheckupPage.svelte draws it. Nothing of the person is sent.

import { GIVEN_UP } from '../../protocol/connection';
import type { Api } from '../../protocol/http';
import { openSocket } from '../../socket';
import { endpointsOf, only, type Endpoint, type Protocol } from '../../state/candidates';
import { lineOf, type LineSample } from '../../state/line';
import { softwareOf } from '../../state/software';
import {
  nothingFound,
  outcomeOf,
  stepsOf,
  type DeviceFound,
  type Found,
  type StepName,
  type StepState,
} from '../../state/verdict';
import { ringBell } from '../bell';
import { isHeard } from '../check/levels';
import type { Access, Devices } from '../rtc/devices';
import { LinePeer } from '../rtc/line-peer';
import { makeTestMedia, type TestMedia } from '../rtc/test-media';

export const STEPS: readonly StepName[] = [
  'camera',
  'microphone',
  'speaker',
  'server',
  'udp',
  'tcp',
  'delay',
  'loss',
  'rate',
];

const SPEAK_WITHIN_MS = 6_000;
const SOCKET_WITHIN_MS = 5_000;
/** A slow line needs three seconds; a closed one never answers. */
const CONNECT_WITHIN_MS = 6_000;
/** 250 packets of sound each way: a loss of 0.4 % is seen. */
const REST_MS = 5_000;
/** Browsers find the rate of a good line in 2–6 s; one that is not good enough by then is given as much again. */
const FULL_MS = 6_000;
const SAMPLE_EVERY_MS = 500;
/** For whoever has not said yet whether they hear the bell. */
const LAST_WORD_MS = 8_000;

/** Seconds that a step takes about, for the progress. */
const WEIGHTS: Readonly<Record<StepName, number>> = {
  camera: 1,
  microphone: 3,
  speaker: 1,
  server: 1,
  udp: 1,
  tcp: 1,
  delay: 2,
  loss: 3,
  rate: 6,
};
const ALL = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0);

const FOUND: Readonly<Record<Access, DeviceFound>> = {
  asking: 'skipped',
  off: 'skipped',
  on: 'good',
  refused: 'refused',
  missing: 'missing',
  vanished: 'missing',
  busy: 'busy',
};

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Way {
  readonly peer: LinePeer;
  readonly check: string;
}

export class Checkup {
  phase = $state<'running' | 'done'>('running');
  found = $state.raw<Found>(nothingFound);
  endpoints = $state.raw<readonly Endpoint[]>([]);
  asksSound = $state(false);
  /** When it was done, in milliseconds since 1970. */
  doneAt = $state(0);
  private going = $state.raw<readonly StepName[]>([]);
  private settled = $state.raw<readonly StepName[]>([]);
  private ways: readonly Way[] = [];
  private closed = false;
  /** As the server says within the check itself, whatever the page knew when it was begun. */
  private signedIn = false;
  private answer: (heard: boolean | null) => void = () => undefined;

  constructor(
    private readonly api: Api,
    private readonly devices: Devices,
  ) {}

  state(name: StepName): StepState | 'waits' | 'runs' {
    if (this.going.includes(name)) return 'runs';
    return this.settled.includes(name) ? stepsOf(this.found)[name] : 'waits';
  }

  /** 0…1. */
  get progress(): number {
    return this.settled.reduce((sum, name) => sum + WEIGHTS[name], 0) / ALL;
  }

  /** Called within the press that starts it. Whatever fails in it, it ends with a result. */
  async run(): Promise<void> {
    let media: TestMedia | null = null;
    let hearing: Promise<void> | null = null;
    let isWhole = false;
    try {
      media = makeTestMedia();
      await this.step(['camera'], () => this.openDevices());
      await this.step(['microphone'], () => this.listen());
      hearing = this.step(['speaker'], () => this.askSound());
      await this.checkLine(media);
      isWhole = true;
    } finally {
      media?.stop();
      for (const way of this.ways) this.leave(way);
      setTimeout(() => this.answer(null), isWhole ? LAST_WORD_MS : 0);
      await hearing;
      this.finish(isWhole);
    }
  }

  /** What the person says of the bell. */
  hears(heard: boolean): void {
    this.answer(heard);
  }

  close(): void {
    this.closed = true;
    this.answer(null);
    for (const way of this.ways) this.leave(way);
  }

  /** Its person reads for a while: camera and microphone are let go. */
  private finish(isWhole: boolean): void {
    this.settled = STEPS;
    if (this.closed) return;
    this.devices.startWithout();
    this.doneAt = Date.now();
    this.phase = 'done';
    const outcome = isWhole ? outcomeOf(this.found, softwareOf(navigator.userAgent)) : null;
    if (outcome && this.signedIn) void this.api.leaveResult(outcome);
  }

  private find(found: Partial<Found>): void {
    this.found = { ...this.found, ...found };
  }

  private async step<T>(names: readonly StepName[], act: () => Promise<T>): Promise<T> {
    this.going = [...this.going, ...names];
    try {
      return await act();
    } finally {
      this.going = this.going.filter((name) => !names.includes(name));
      this.settled = [...this.settled, ...names];
    }
  }

  private async openDevices(): Promise<void> {
    await this.devices.start();
    const { camera, microphone } = this.devices.view;
    this.find({ camera: FOUND[camera], microphone: FOUND[microphone] });
  }

  /** Until a voice is heard, or for as long as a shy person thinks. */
  private async listen(): Promise<void> {
    if (this.found.microphone !== 'good') return;
    let stop: () => void = () => undefined;
    const heard = new Promise<boolean>((resolve) => {
      stop = this.devices.onLevel((level) => {
        if (isHeard(level)) resolve(true);
      });
    });
    if (!(await Promise.race([heard, wait(SPEAK_WITHIN_MS).then(() => false)])))
      this.find({ microphone: 'unheard' });
    stop();
  }

  private async askSound(): Promise<void> {
    if (this.closed) return;
    const answered = new Promise<boolean | null>((resolve) => (this.answer = resolve));
    this.asksSound = true;
    void ringBell();
    const heard = await answered;
    this.asksSound = false;
    if (heard !== null) this.find({ speaker: heard ? 'heard' : 'unheard' });
  }

  private async checkLine(media: TestMedia | null): Promise<void> {
    await this.step(['server'], () => this.reachServer());
    if (this.closed || this.found.server === 'away' || !media) return;
    const udp = await this.step(['udp'], () => this.reach('udp', media));
    const tcp = await this.step(['tcp'], () => this.reach('tcp', media));
    if (udp && tcp) this.leave(tcp);
    if (udp) await this.measure(udp, 'udp');
    else if (tcp) await this.measure(tcp, 'tcp');
  }

  /** A socket is given to whoever is signed in only. */
  private async reachServer(): Promise<void> {
    const me = await this.api.me();
    this.signedIn = me.ok;
    if (!me.ok && me.refusal.code === 'unavailable') this.find({ server: 'away' });
    else this.find({ server: !me.ok || (await opensSocket()) ? 'reached' : 'no_socket' });
  }

  private async reach(protocol: Protocol, media: TestMedia): Promise<Way | null> {
    if (this.closed) return null;
    const peer = new LinePeer(media);
    const offer = await peer.offer().catch((failure: unknown) => {
      peer.close();
      throw failure;
    });
    const begun = await this.api.beginCheck(offer);
    if (!begun.ok) {
      peer.close();
      return null;
    }
    const { check, answer } = begun.value;
    const way: Way = { peer, check };
    this.ways = [...this.ways, way];
    this.endpoints = endpointsOf(answer);
    const isOffered = this.endpoints.some((endpoint) => endpoint.protocol === protocol);
    const isOpen = isOffered && (await peer.connect(only(protocol, answer), CONNECT_WITHIN_MS));
    this.find({ [protocol]: isOpen ? 'open' : isOffered ? 'closed' : 'not_offered' });
    if (isOpen) return way;
    this.leave(way);
    return null;
  }

  private async measure(way: Way, protocol: Protocol): Promise<void> {
    const { peer } = way;
    const rest = await this.step(['delay', 'loss'], () => this.samples(peer, REST_MS));
    if (this.closed) return;
    this.find({ line: lineOf(protocol, rest, []) });
    const line = await this.step(['rate'], async () => {
      await peer.fill();
      const full = await this.samples(peer, FULL_MS);
      const known = lineOf(protocol, rest, full);
      if (stepsOf({ ...this.found, line: known }).rate === 'good') return known;
      return lineOf(protocol, rest, [...full, ...(await this.samples(peer, FULL_MS))]);
    });
    this.find({ line: peer.isUp ? line : null });
    this.leave(way);
  }

  private async samples(peer: LinePeer, forMs: number): Promise<LineSample[]> {
    const found: LineSample[] = [];
    for (let ms = 0; ms <= forMs && !this.closed; ms += SAMPLE_EVERY_MS) {
      found.push(await peer.sample());
      await wait(SAMPLE_EVERY_MS);
    }
    return found;
  }

  private leave(way: Way): void {
    this.ways = this.ways.filter((other) => other !== way);
    way.peer.close();
    void this.api.endCheck(way.check);
  }
}

/** Whether the connection of a lesson comes about; it is closed at once. */
function opensSocket(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = openSocket();
    const timer = setTimeout(() => end(false), SOCKET_WITHIN_MS);
    const end = (opened: boolean): void => {
      clearTimeout(timer);
      socket.close(GIVEN_UP);
      resolve(opened);
    };
    socket.listen({ onOpen: () => end(true), onMessage: () => undefined, onClose: () => end(false) });
  });
}
