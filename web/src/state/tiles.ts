// Which picture a tile may show. A receive slot has two accounts of what it carries: the mapping that signaling tells,
// and the source number (CSRC) that the media node writes into every packet. A picture is shown under a name only while
// both name that person's source; in between the tile is a blank with the name. Pure; ui/rtc/slots.ts reports
// what is received and obeys.

import type { SlotsMapped } from '../protocol/messages';

/** No source, or not known (yet). */
export const NOTHING = 0;

interface Slot {
  readonly connection: number;
  readonly mid: string;
  readonly mapped: number;
  /** Source of the picture that the slot has decoded; NOTHING from the moment at which packets of another arrive. */
  readonly decoded: number;
}

export type Slots = ReadonlyMap<string, Slot>;

export const slotKey = (connection: number, mid: string): string => `${connection}/${mid}`;

function withSlot(slots: Slots, key: string, change: Partial<Slot>): Slots {
  const slot = slots.get(key);
  return slot ? new Map(slots).set(key, { ...slot, ...change }) : slots;
}

export function openSlots(slots: Slots, connection: number, mids: readonly string[]): Slots {
  const opened = mids.map((mid): [string, Slot] => [
    slotKey(connection, mid),
    { connection, mid, mapped: NOTHING, decoded: NOTHING },
  ]);
  return new Map([...slots, ...opened]);
}

export function closeSlots(slots: Slots, connection: number): Slots {
  return new Map([...slots].filter(([, slot]) => slot.connection !== connection));
}

export function mapSlots(slots: Slots, event: SlotsMapped): Slots {
  return event.slots.reduce(
    (mapped, { mid, source }) => withSlot(mapped, slotKey(event.connection, mid), { mapped: source }),
    slots,
  );
}

/** Packets of another source arrive: what is decoded from here on is not known until it is seen. */
export const sourceChanges = (slots: Slots, key: string): Slots => withSlot(slots, key, { decoded: NOTHING });

export const sourceDecoded = (slots: Slots, key: string, source: number): Slots =>
  withSlot(slots, key, { decoded: source });

/** Whether the picture of this slot may stand under the name of the person whose source it is. */
export function mayShow(slots: Slots, key: string, source: number): boolean {
  const slot = slots.get(key);
  return source !== NOTHING && slot?.mapped === source && slot.decoded === source;
}

/** Slots of a connection in which somebody should be seen and is not (yet). */
export const unseenSlots = (slots: Slots, connection: number): readonly string[] =>
  [...slots]
    .filter(([, { connection: of, mapped }]) => of === connection && mapped !== NOTHING)
    .filter(([key, { mapped }]) => !mayShow(slots, key, mapped))
    .map(([key]) => key);

/** Slots that are mapped to the source, youngest connection first: the picture moves there as soon as it may. */
export function slotsFor(slots: Slots, source: number): readonly string[] {
  if (source === NOTHING) return [];
  return [...slots]
    .filter(([, slot]) => slot.mapped === source)
    .sort(([, a], [, b]) => b.connection - a.connection)
    .map(([key]) => key);
}
