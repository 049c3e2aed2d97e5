// A channel whose sockets and clock tests move by hand, and all that it has told.

import { Channel } from './channel';
import type { Event, Outcome } from './connection';
import type { Joined, MediaOffer, Resumed, RoomSnapshot } from './messages';
import { aRoom, snapshotOf } from './messages.fake';
import { FakeSocket, HandTimers } from './socket.fake';

export const offer: MediaOffer = { connection: 1, sdp: 'v=0', publish: {}, audio_slots: [], video_slots: [] };
export const room = aRoom();
export const snapshot = (seq: number): RoomSnapshot => snapshotOf([], { seq });

export class TriedChannel {
  readonly sockets: FakeSocket[] = [];
  readonly timers = new HandTimers();
  /** Link, lost sessions and the end, in words. */
  readonly log: string[] = [];
  readonly events: Event[] = [];
  readonly resumed: Resumed[] = [];
  readonly silences: boolean[] = [];
  /** Told when the server answers; null while it is not sought. */
  found: (() => void) | null = null;
  readonly channel = new Channel(
    {
      openSocket: () => {
        const socket = new FakeSocket();
        this.sockets.push(socket);
        return socket;
      },
      seek: (found) => {
        this.found = found;
        return () => {
          this.found = null;
        };
      },
      signOfLife: () => ({ type: 'set_view', tracks: [] }),
      timers: this.timers,
      random: () => 0.5,
    },
    {
      onEvent: (event) => this.events.push(event),
      onLink: (link) => this.log.push(link),
      onResumed: (reply, afterSilence) => {
        this.resumed.push(reply);
        this.silences.push(afterSilence);
      },
      onSessionLost: () => this.log.push('session lost'),
      onClosed: (reason) => this.log.push(`closed ${reason}`),
    },
  );

  /** The last that was opened. */
  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('no socket was opened');
    return last;
  }

  async joined(seq = 7): Promise<Outcome<Joined>> {
    const outcome = this.channel.join({ ticket: 't', offer, media: {} });
    await this.socket.open();
    await this.socket.says({
      type: 'joined',
      re: this.socket.last.id,
      session: 's',
      you: 'y',
      answer: 'a',
      snapshot: snapshot(seq),
      layout: {},
    });
    return outcome;
  }
}
