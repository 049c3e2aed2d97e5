// Where a menu stands: under the right edge of its button, above it where the page ends, always whole on the page.

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
interface Extent {
  readonly width: number;
  readonly height: number;
}

const EDGE = 8;
const AWAY = 6;

const within = (wanted: number, size: number, room: number): number =>
  Math.max(EDGE, Math.min(wanted, room - size - EDGE));

export function besideAnchor(anchor: Box, menu: Extent, screen: Extent): { left: number; top: number } {
  const below = anchor.bottom + AWAY;
  const fits = below + menu.height + EDGE <= screen.height;
  return {
    left: within(anchor.right - menu.width, menu.width, screen.width),
    top: within(fits ? below : anchor.top - AWAY - menu.height, menu.height, screen.height),
  };
}
