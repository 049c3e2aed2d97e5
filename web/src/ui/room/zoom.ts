// How a viewer looks closer at a shared screen: scale and the point that is looked at. Pure; closer.svelte.ts keeps one
// for each large screen, the tile draws it as a transform of its picture.

import type { Size } from '../../state/grid';

/** The picture is drawn `scale` times as large, moved by (x, y) pixels from its centre. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };
const MOST = 6;
/** One press of «Увеличить», or one notch of the wheel. */
export const STEP = 1.4;
/** Below this nobody sees the difference from the whole. */
const NEARLY_WHOLE = 1.02;

const within = (value: number, room: number): number => Math.max(-room, Math.min(room, value));

/** The picture never leaves an empty edge: what is seen is always picture. */
function settled({ scale, x, y }: Zoom, frame: Size): Zoom {
  if (scale < NEARLY_WHOLE) return WHOLE;
  const room = (size: number): number => ((scale - 1) * size) / 2;
  return { scale, x: within(x, room(frame.width)), y: within(y, room(frame.height)) };
}

/** Closer (`by` > 1) or farther, with the point under the finger staying where it is; `at` counts from the centre. */
export function zoomed(zoom: Zoom, by: number, at: Point, frame: Size): Zoom {
  const scale = Math.max(1, Math.min(MOST, zoom.scale * by));
  const grown = scale / zoom.scale;
  const stays = (point: number, moved: number): number => point - (point - moved) * grown;
  return settled({ scale, x: stays(at.x, zoom.x), y: stays(at.y, zoom.y) }, frame);
}

export function panned(zoom: Zoom, by: Point, frame: Size): Zoom {
  return settled({ ...zoom, x: zoom.x + by.x, y: zoom.y + by.y }, frame);
}

export const isWhole = ({ scale }: Zoom): boolean => scale === 1;

/** A key of the keyboard: plus, minus, zero, and the arrows while there is something to move. */
export function zoomedByKey(zoom: Zoom, key: string, frame: Size): Zoom | null {
  const centre = { x: 0, y: 0 };
  if (key === '+' || key === '=') return zoomed(zoom, STEP, centre, frame);
  if (key === '-') return zoomed(zoom, 1 / STEP, centre, frame);
  if (key === '0') return WHOLE;
  const far = frame.width / 10;
  const moves: Readonly<Record<string, Point>> = {
    ArrowLeft: { x: far, y: 0 },
    ArrowRight: { x: -far, y: 0 },
    ArrowUp: { x: 0, y: far },
    ArrowDown: { x: 0, y: -far },
  };
  const move = moves[key];
  return move && !isWhole(zoom) ? panned(zoom, move, frame) : null;
}
