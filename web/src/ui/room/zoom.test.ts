import { describe, expect, it } from 'vitest';
import { isWhole, panned, WHOLE, zoomed, zoomedByKey } from './zoom';

const frame = { width: 1000, height: 600 };
const centre = { x: 0, y: 0 };

describe('a closer look at a screen', () => {
  it('keeps the point under the finger in its place', () => {
    const at = { x: 200, y: -100 };
    const zoom = zoomed(WHOLE, 2, at, frame);
    const pointBefore = at;
    expect({ x: pointBefore.x * zoom.scale + zoom.x, y: pointBefore.y * zoom.scale + zoom.y }).toEqual(at);
  });

  it('never shows anything beside the picture', () => {
    const zoom = panned(zoomed(WHOLE, 2, centre, frame), { x: 9999, y: -9999 }, frame);
    expect(zoom).toEqual({ scale: 2, x: 500, y: -300 });
  });

  it('has a nearest and a farthest', () => {
    expect(zoomed(WHOLE, 100, centre, frame).scale).toBe(6);
    expect(zoomed(WHOLE, 0.1, centre, frame)).toEqual(WHOLE);
  });

  it('goes back to the whole by the way it came', () => {
    const closer = zoomed(WHOLE, 1.4, { x: 300, y: 0 }, frame);
    expect(isWhole(zoomed(closer, 1 / 1.4, centre, frame))).toBe(true);
  });

  it('obeys plus, minus, zero, and the arrows while something is hidden', () => {
    const closer = zoomedByKey(WHOLE, '+', frame);
    expect(closer?.scale).toBeCloseTo(1.4);
    expect(closer && zoomedByKey(closer, 'ArrowRight', frame)?.x).toBe(-100);
    expect(closer && zoomedByKey(closer, '0', frame)).toEqual(WHOLE);
    expect(zoomedByKey(WHOLE, 'ArrowRight', frame)).toBeNull();
    expect(zoomedByKey(WHOLE, 'x', frame)).toBeNull();
  });
});
