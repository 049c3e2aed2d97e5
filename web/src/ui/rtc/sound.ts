// The sound of the room: one hidden <audio> for each audio slot. Joining is a press, which is what lets browsers play; where one
// refuses all the same, the next press anywhere starts it.

import type { ReceiveSlot } from './peer';

export class Sound {
  private players = new Map<number, HTMLAudioElement[]>();
  private readonly startAll = (): void => {
    for (const player of [...this.players.values()].flat()) player.play().catch(() => undefined);
  };

  play(connection: number, slots: readonly ReceiveSlot[]): void {
    const players = slots.map(({ receiver }) => {
      const player = document.createElement('audio');
      player.hidden = true;
      player.autoplay = true;
      player.srcObject = new MediaStream([receiver.track]);
      document.body.append(player);
      player.play().catch(() => document.addEventListener('pointerup', this.startAll, { once: true }));
      return player;
    });
    this.players.set(connection, players);
  }

  stop(connection: number): void {
    for (const player of this.players.get(connection) ?? []) {
      player.srcObject = null;
      player.remove();
    }
    this.players.delete(connection);
  }

  close(): void {
    document.removeEventListener('pointerup', this.startAll);
    for (const connection of [...this.players.keys()]) this.stop(connection);
  }
}
