// Moments of a join, for tests and benchmarks: `zvonok:press` … `zvonok:first_frame` in the browser's own timeline.

export const mark = (what: string): unknown => performance.mark(`zvonok:${what}`);

/** In a chain of promises: hands its value on. */
export const marked =
  (what: string) =>
  <T>(value: T): T => {
    mark(what);
    return value;
  };
