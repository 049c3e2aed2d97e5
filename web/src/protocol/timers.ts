// The clock that protocol and the lesson's composition are given: real in the browser, moved by hand in tests.

export interface Timers {
  /** Runs `then` once after `ms`; the returned function takes it back. */
  after(ms: number, then: () => void): () => void;
}
