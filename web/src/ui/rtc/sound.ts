// The sound of the room: one hidden <audio> for each audio slot. Joining is a press, which is what lets browsers play; where one
// refuses all the same (a page that was reloaded has not been pressed yet), the next press anywhere starts it. While a second connection takes over, it is heard from its first
// packet on, and the one before until then: never both, never neither.

import type { Devices } from './devices';
import { loudnessOf } from './level';
import type { ReceiveSlot } from './peer';

/** A source that was heard no later than this is sounding. */
const FRESH_MS = 200;
const PRESSES = ['pointerup', 'keydown'] as const;

export class Sound {
  private players = new Map<number, HTMLAudioElement[]>();
  private receivers = new Map<number, readonly RTCRtpReceiver[]>();
  private speaker = '';
  private isBlocked = false;
  /** Told when the browser waits for a press before it plays, and when it does no longer. */
  onBlocked: (blocked: boolean) => void = () => undefined;

  /** Within a press. */
  readonly start = (): void => {
    for (const player of [...this.players.values()].flat()) this.begin(player);
  };

  play(connection: number, slots: readonly ReceiveSlot[]): void {
    const isFirst = this.players.size === 0;
    const players = slots.map(({ receiver }) => {
      const player = document.createElement('audio');
      player.hidden = true;
      player.autoplay = true;
      player.muted = !isFirst;
      receiver.track.onunmute = () => this.hearOnly(connection);
      player.srcObject = new MediaStream([receiver.track]);
      document.body.append(player);
      this.sendTo(player);
      this.begin(player);
      return player;
    });
    this.players.set(connection, players);
    this.receivers.set(
      connection,
      slots.map(({ receiver }) => receiver),
    );
  }

  private begin(player: HTMLAudioElement): void {
    player.play().then(
      () => {
        // A muted one plays without a press.
        if (!player.muted) this.block(false);
      },
      (refusal: unknown) => {
        // Taken away before it began, it was not refused.
        if (refusal instanceof DOMException && refusal.name === 'NotAllowedError') this.block(true);
      },
    );
  }

  private block(blocked: boolean): void {
    if (blocked === this.isBlocked) return;
    this.isBlocked = blocked;
    const change = blocked ? 'addEventListener' : 'removeEventListener';
    for (const press of PRESSES) document[change](press, this.start);
    this.onBlocked(blocked);
  }

  /** From the chosen speaker, until the returned function is called. */
  follow(devices: Devices): () => void {
    const follow = (): void => {
      const speaker = devices.view.chosen.speaker ?? '';
      if (speaker === this.speaker) return;
      this.speaker = speaker;
      for (const player of [...this.players.values()].flat()) this.sendTo(player);
    };
    follow();
    return devices.onChange(follow);
  }

  /** How loud the lesson sounds here at this moment, 0…1. */
  get level(): number {
    const sounding = [...this.receivers.values()].flat().flatMap((one) => one.getSynchronizationSources());
    const now = performance.timeOrigin + performance.now();
    const fresh = sounding.filter(({ timestamp }) => now - timestamp < FRESH_MS);
    return loudnessOf(Math.max(0, ...fresh.map(({ audioLevel = 0 }) => audioLevel)) ** 2);
  }

  stop(connection: number): void {
    for (const player of this.players.get(connection) ?? []) {
      player.srcObject = null;
      player.remove();
    }
    this.players.delete(connection);
    this.receivers.delete(connection);
    const youngest = [...this.players.keys()].at(-1);
    if (this.players.size === 1 && youngest !== undefined) this.hearOnly(youngest);
  }

  /** The system's speaker where that one is gone or cannot be chosen. */
  private sendTo(player: HTMLAudioElement): void {
    if ('setSinkId' in player) player.setSinkId(this.speaker).catch(() => undefined);
  }

  /** Packets of a connection that is given up change nothing. */
  private hearOnly(connection: number): void {
    if (connection !== [...this.players.keys()].at(-1)) return;
    for (const [each, players] of this.players)
      for (const player of players) player.muted = each !== connection;
  }

  close(): void {
    this.block(false);
    for (const connection of [...this.players.keys()]) this.stop(connection);
  }
}
