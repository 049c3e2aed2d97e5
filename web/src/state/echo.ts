// Whether a second device with the same lesson stands beside this one: from how loud the own microphone and the lesson's sound are,
// twenty times a second. A voice that comes out of the one and into the other keeps its ups and downs and is always late by the same
// time; people who take turns, repeat after each other or talk at once do not. Pure; ui/rtc/echo.ts measures.

/** `lesson_heard`: the microphone hears the lesson from another device. `voice_returns`: the own voice comes back in the lesson. */
export type Echo = 'lesson_heard' | 'voice_returns';

export const LEVELS_PER_S = 20;
const WINDOW = 6 * LEVELS_PER_S;
/** An own speaker is heard at once, and browsers cancel that; another device is late by its way through the network. */
const LEAST_LAG = 2;
const MOST_LAG = 30;
/** Looked at twice a second: each look is some ten thousand multiplications. */
const LOOK_EVERY = LEVELS_PER_S / 2;
/** Loudness that is a voice, and the share of the window that it must fill: silence is like everything. */
const VOICE = 0.35;
const LEAST_VOICE = 0.2;
/** How alike the curves are, as a whole and in their syllables alone: turns that alternate evenly are alike as a whole. */
const ALIKE = 0.6;
const ALIKE_IN_DETAIL = 0.6;
/** Half a second on each side: what is slower than that is turns, not syllables. */
const DETAIL = 5;
/** Lags of the same echo differ by no more than this. */
const SAME_LAG = 2;
/** Looks in a row that must agree, and looks without any after which it is over. */
const SURE_AFTER = 5;
const OVER_AFTER = 16;

interface Match {
  readonly echo: Echo;
  readonly lag: number;
}

export class EchoWatch {
  private readonly microphone: number[] = [];
  private readonly lesson: number[] = [];
  private heard = 0;
  private last: Match | null = null;
  private agreeing = 0;
  private without = 0;
  private echo: Echo | null = null;

  /** Both 0…1, as they sound at this moment. */
  hear(microphone: number, lesson: number): Echo | null {
    keep(this.microphone, microphone);
    keep(this.lesson, lesson);
    this.heard += 1;
    if (this.heard % LOOK_EVERY === 0 && this.lesson.length === WINDOW + MOST_LAG) this.look();
    return this.echo;
  }

  private look(): void {
    const match =
      bestOf('lesson_heard', this.lesson, this.microphone) ??
      bestOf('voice_returns', this.microphone, this.lesson);
    if (match === null) {
      this.without += 1;
      this.agreeing = 0;
      if (this.without >= OVER_AFTER) this.echo = null;
      return;
    }
    const isSame = this.last?.echo === match.echo && Math.abs(this.last.lag - match.lag) <= SAME_LAG;
    this.agreeing = isSame ? this.agreeing + 1 : 1;
    this.last = match;
    this.without = 0;
    if (this.agreeing >= SURE_AFTER) this.echo = match.echo;
  }
}

function keep(series: number[], level: number): void {
  series.push(level);
  if (series.length > WINDOW + MOST_LAG) series.shift();
}

/** The lag at which `follower` is most like `source`, if it is at all. */
function bestOf(echo: Echo, source: readonly number[], follower: readonly number[]): Match | null {
  const late = follower.slice(MOST_LAG);
  if (voiceIn(late) < LEAST_VOICE) return null;
  const lateDetail = detailOf(follower).slice(MOST_LAG);
  const [detail, talks] = [detailOf(source), amidst(source)];
  const everywhere = late.map(() => true);
  let best: Match | null = null;
  let bestLikeness = ALIKE_IN_DETAIL;
  for (let lag = LEAST_LAG; lag <= MOST_LAG; lag += 1) {
    const from = MOST_LAG - lag;
    const early = source.slice(from, from + WINDOW);
    if (voiceIn(early) < LEAST_VOICE) continue;
    const likeness = likenessOf(detail.slice(from), lateDetail, talks.slice(from, from + WINDOW));
    if (likeness < bestLikeness || likenessOf(early, late, everywhere) < ALIKE) continue;
    best = { echo, lag };
    bestLikeness = likeness;
  }
  return best;
}

const voiceIn = (series: readonly number[]): number =>
  series.filter((level) => level >= VOICE).length / series.length;

/** What is left when the slow changes are taken away. */
function detailOf(series: readonly number[]): readonly number[] {
  return series.map((level, n) => {
    const around = series.slice(Math.max(0, n - DETAIL), n + DETAIL + 1);
    return level - around.reduce((all, one) => all + one, 0) / around.length;
  });
}

/** Where somebody talks before and after: the ends of turns, which look alike in everybody, are left out. */
function amidst(series: readonly number[]): readonly boolean[] {
  const isVoice = (level: number): boolean => level >= VOICE;
  return series.map(
    (_, n) =>
      series.slice(Math.max(0, n - DETAIL), n + 1).some(isVoice) &&
      series.slice(n, n + DETAIL + 1).some(isVoice),
  );
}

/** Pearson's correlation, in the looks that count; nought where one of the two does not change. */
function likenessOf(a: readonly number[], b: readonly number[], counts: readonly boolean[]): number {
  const counted = counts.filter(Boolean).length;
  const mean = (series: readonly number[]) =>
    counts.reduce((all, isCounted, n) => (isCounted ? all + (series[n] ?? 0) : all), 0) / counted;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [together, alone, other] = [0, 0, 0];
  for (let n = 0; n < counts.length; n += 1) {
    if (!counts[n]) continue;
    const [x, y] = [(a[n] ?? 0) - meanA, (b[n] ?? 0) - meanB];
    together += x * y;
    alone += x * x;
    other += y * y;
  }
  return alone * other === 0 ? 0 : together / Math.sqrt(alone * other);
}
