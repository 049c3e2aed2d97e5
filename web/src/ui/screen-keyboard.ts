// How much of the page lies under the keyboard of a phone, as the CSS variable --keyboard. Chrome and Firefox shrink the page
// themselves (`interactive-widget` in index.html), so it stays 0 there; Safari only moves the page, which is moved back.

/** Less is the browser's own bar, coming and going. */
const LEAST_PX = 80;

interface Visual {
  readonly height: number;
  readonly offsetTop: number;
  readonly scale: number;
}

/** Whoever has zoomed in sees less of the page, too, but without a keyboard. */
export function coveredByKeyboard({ height, offsetTop, scale }: Visual, pageHeight: number): number {
  const covered = Math.round(pageHeight - height - offsetTop);
  return scale > 1.01 || covered + offsetTop < LEAST_PX ? 0 : Math.max(0, covered);
}

export function watchKeyboard(): void {
  const visual = visualViewport;
  if (!visual) return;
  const look = (): void => {
    const { style, scrollHeight, clientHeight } = document.documentElement;
    const fits = scrollHeight <= clientHeight + 1;
    const covered = coveredByKeyboard(visual, innerHeight);
    // A room is never scrolled: what Safari has pushed up comes down, above the keyboard.
    if (fits && visual.scale <= 1.01 && visual.offsetTop > 0) scrollTo(0, 0);
    style.setProperty('--keyboard', `${covered}px`);
  };
  visual.addEventListener('resize', look);
  visual.addEventListener('scroll', look);
}
