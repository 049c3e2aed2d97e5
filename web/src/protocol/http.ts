// The HTTP documents of the server, one function each; answers are values, a refusal too (nothing is thrown).
// Called by pages and by the lesson's composition; knows no DOM: `fetch` is passed in.

import type { DemoPerson, LessonCard, Me, Refusal, Ticket, Today } from './documents';

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export interface Api {
  demoPeople(): Promise<Answer<readonly DemoPerson[]>>;
  me(): Promise<Answer<Me>>;
  signOut(): Promise<Answer<null>>;
  today(): Promise<Answer<Today>>;
  lessonCard(lesson: string): Promise<Answer<LessonCard>>;
  startLesson(lesson: string): Promise<Answer<LessonCard>>;
  ticket(lesson: string): Promise<Answer<Ticket>>;
}

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

export function createApi(fetch: Fetch): Api {
  const request = async <T>(path: string, init: RequestInit): Promise<Answer<T>> => {
    try {
      return await answerOf<T>(await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init }));
    } catch {
      return refused('unavailable', 'no connection to the server');
    }
  };
  const get = <T>(path: string) => request<T>(path, { headers: { accept: 'application/json' } });
  const post = <T>(path: string) =>
    request<T>(path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', 'X-Zvonok': '1' },
      body: '{}',
    });
  const ofLesson = (lesson: string, what = '') => `/api/lessons/${encodeURIComponent(lesson)}${what}`;
  return {
    demoPeople: () => get('/api/demo/people'),
    me: () => get('/api/me'),
    signOut: () => post('/api/sign-out'),
    today: () => get('/api/today'),
    lessonCard: (lesson) => get(ofLesson(lesson)),
    startLesson: (lesson) => post(ofLesson(lesson, '/start')),
    ticket: (lesson) => post(ofLesson(lesson, '/ticket')),
  };
}
