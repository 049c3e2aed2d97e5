// The HTTP documents of the server, one function each; answers are values, a refusal too (nothing is thrown).
// Called by pages and by the lesson's composition; knows no DOM: `fetch` is passed in.

import type {
  AttendanceSheet,
  CheckOffer,
  CheckOutcome,
  CheckResultCard,
  ConnectionCheck,
  DemoPerson,
  LessonCard,
  Me,
  Refusal,
  ReportCard,
  Ticket,
  Today,
} from './documents';

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export interface Api {
  demoPeople(): Promise<Answer<readonly DemoPerson[]>>;
  me(): Promise<Answer<Me>>;
  signOut(): Promise<Answer<null>>;
  today(): Promise<Answer<Today>>;
  lessonCard(lesson: string): Promise<Answer<LessonCard>>;
  startLesson(lesson: string): Promise<Answer<LessonCard>>;
  ticket(lesson: string): Promise<Answer<Ticket>>;
  /** «My child is in this class», of a refused parent to the administrator. */
  question(lesson: string): Promise<Answer<null>>;
  attendance(lesson: string): Promise<Answer<AttendanceSheet>>;
  reports(): Promise<Answer<readonly ReportCard[]>>;
  reportSeen(report: string): Promise<Answer<null>>;
  beginCheck(offer: CheckOffer): Promise<Answer<ConnectionCheck>>;
  endCheck(check: string): Promise<Answer<null>>;
  /** Leaves the result for the administrator of the school. */
  leaveResult(outcome: CheckOutcome): Promise<Answer<null>>;
  checkResults(): Promise<Answer<readonly CheckResultCard[]>>;
}

const ofLesson = (lesson: string, what = ''): string => `/api/lessons/${encodeURIComponent(lesson)}${what}`;

/** Where a browser downloads the attendance from. */
export const attendanceFile = (lesson: string, form: 'csv' | 'xlsx'): string =>
  ofLesson(lesson, `/attendance.${form}`);

type Fetch = (path: string, init: RequestInit) => Promise<Response>;

const CODE_OF_STATUS: Readonly<Record<number, Refusal['code']>> = {
  400: 'bad_request',
  401: 'signed_out',
  403: 'not_allowed',
  404: 'not_found',
  415: 'bad_request',
  429: 'too_many',
};

const isRefusal = (body: unknown): body is Refusal =>
  typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';

const refused = (code: Refusal['code'], message: string): Answer<never> => ({
  ok: false,
  refusal: { code, message },
});

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return { ok: true, value: body as T };
  if (isRefusal(body)) return { ok: false, refusal: body };
  return refused(CODE_OF_STATUS[response.status] ?? 'unavailable', `status ${response.status}`);
}

/** Said at the end, when the person may close the page. */
const OUTLIVES_PAGE: RequestInit = { keepalive: true };

export function createApi(fetch: Fetch): Api {
  const request = async <T>(path: string, init: RequestInit): Promise<Answer<T>> => {
    try {
      return await answerOf<T>(await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init }));
    } catch {
      return refused('unavailable', 'no connection to the server');
    }
  };
  const get = <T>(path: string) => request<T>(path, { headers: { accept: 'application/json' } });
  const post = <T>(path: string, document: object = {}, init: RequestInit = {}) =>
    request<T>(path, {
      ...init,
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', 'X-Zvonok': '1' },
      body: JSON.stringify(document),
    });
  return {
    demoPeople: () => get('/api/demo/people'),
    me: () => get('/api/me'),
    signOut: () => post('/api/sign-out'),
    today: () => get('/api/today'),
    lessonCard: (lesson) => get(ofLesson(lesson)),
    startLesson: (lesson) => post(ofLesson(lesson, '/start')),
    ticket: (lesson) => post(ofLesson(lesson, '/ticket')),
    question: (lesson) => post(ofLesson(lesson, '/question')),
    attendance: (lesson) => get(ofLesson(lesson, '/attendance')),
    reports: () => get('/api/reports'),
    reportSeen: (report) => post(`/api/reports/${encodeURIComponent(report)}/seen`),
    beginCheck: (offer) => post('/api/connection-checks', offer),
    endCheck: (check) => post(`/api/connection-checks/${encodeURIComponent(check)}/end`, {}, OUTLIVES_PAGE),
    leaveResult: (outcome) => post('/api/check-results', outcome, OUTLIVES_PAGE),
    checkResults: () => get('/api/check-results'),
  };
}
