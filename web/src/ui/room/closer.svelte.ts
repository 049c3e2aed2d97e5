// Wheel, fingers and keys on a shared screen become a closer look at it. One of these belongs to a screen's tile; it
// keeps the zoom and knows nothing of the room.

import { isWhole, panned, STEP, WHOLE, zoomed, zoomedByKey, type Point, type Zoom } from './zoom';
import type { Size } from '../../state/grid';

/** One notch of a wheel is about 100: so much of a step for each of its units. */
const WHEEL_UNIT = Math.log(STEP) / 100;

const between = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

interface Finger {
  readonly id: number;
  readonly at: Point;
}

export class Closer {
  zoom = $state.raw<Zoom>(WHOLE);
  readonly whole = $derived(isWhole(this.zoom));
  private fingers: readonly Finger[] = [];

  step(closer: boolean, frame: Size): void {
    this.zoom = zoomed(this.zoom, closer ? STEP : 1 / STEP, { x: 0, y: 0 }, frame);
  }

  reset(): void {
    this.zoom = WHOLE;
  }

  /** True where the key meant the screen. */
  key(key: string, frame: Size): boolean {
    const zoom = zoomedByKey(this.zoom, key, frame);
    if (zoom) this.zoom = zoom;
    return zoom !== null;
  }

  /** For `use:` or `{@attach}` of the element that shows the screen. */
  readonly attach = (node: HTMLElement): (() => void) => {
    const frame = (): Size => ({ width: node.clientWidth, height: node.clientHeight });
    const at = (event: MouseEvent): Point => {
      const box = node.getBoundingClientRect();
      return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
    };
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      this.zoom = zoomed(this.zoom, Math.exp(-event.deltaY * WHEEL_UNIT), at(event), frame());
    };
    const down = (event: PointerEvent): void => {
      if (event.target instanceof Element && event.target.closest('button')) return;
      this.fingers = [...this.others(event.pointerId), { id: event.pointerId, at: at(event) }];
    };
    const move = (event: PointerEvent): void => {
      const before = this.fingers.find(({ id }) => id === event.pointerId);
      if (!before) return;
      const now = { id: event.pointerId, at: at(event) };
      this.moved(before.at, now, frame());
      this.fingers = [...this.others(now.id), now];
    };
    const up = (event: PointerEvent): void => {
      this.fingers = this.others(event.pointerId);
    };
    const swallow = (event: TouchEvent): void => {
      if (!this.whole || event.touches.length > 1) event.stopPropagation();
    };
    const stop = new AbortController();
    const { signal } = stop;
    node.addEventListener('wheel', wheel, { passive: false, signal });
    node.addEventListener('pointerdown', down, { signal });
    node.addEventListener('pointermove', move, { signal });
    for (const end of ['pointerup', 'pointercancel', 'pointerleave'] as const) {
      node.addEventListener(end, up, { signal });
    }
    for (const touch of ['touchstart', 'touchend'] as const)
      node.addEventListener(touch, swallow, { signal });
    return () => {
      stop.abort();
      this.fingers = [];
      this.reset();
    };
  };

  private others(finger: number): readonly Finger[] {
    return this.fingers.filter(({ id }) => id !== finger);
  }

  private moved(before: Point, now: Finger, frame: Size): void {
    const other = this.others(now.id)[0]?.at;
    if (!other) {
      this.zoom = panned(this.zoom, { x: now.at.x - before.x, y: now.at.y - before.y }, frame);
      return;
    }
    const spread = between(before, other);
    if (spread > 0) {
      this.zoom = zoomed(this.zoom, between(now.at, other) / spread, middle(now.at, other), frame);
    }
  }
}
