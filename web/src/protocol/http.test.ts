import { describe, expect, it } from 'vitest';
import { createApi } from './http';

interface Seen {
  readonly path: string;
  readonly init: RequestInit;
}

function answering(response: () => Response) {
  const seen: Seen[] = [];
  const api = createApi((path, init) => {
    seen.push({ path, init });
    return Promise.resolve(response());
  });
  return { api, seen };
}

describe('a document of the server', () => {
  it('is the value of the answer', async () => {
    const { api, seen } = answering(() => Response.json({ ticket: 't', expires_in: 60 }));
    expect(await api.ticket('a/b')).toEqual({ ok: true, value: { ticket: 't', expires_in: 60 } });
    expect(seen[0]?.path).toBe('/api/lessons/a%2Fb/ticket');
    expect(seen[0]?.init.method).toBe('POST');
    expect(new Headers(seen[0]?.init.headers).get('X-Zvonok')).toBe('1');
  });

  it('carries what the page has to say', async () => {
    const { api, seen } = answering(() => Response.json({ check: 'c', answer: 'v=0', expires_in: 40 }));
    const offer = { sdp: 'v=0', publish: {}, audio_slots: [], video_slots: [] };
    expect(await api.beginCheck(offer)).toMatchObject({ ok: true, value: { check: 'c' } });
    expect(seen[0]?.init.body).toBe(JSON.stringify(offer));
  });

  it('is taken to the server although the page is closed, where it is the last thing said', async () => {
    const { api, seen } = answering(() => new Response(null, { status: 204 }));
    await api.endCheck('c');
    await api.signOut();
    expect(seen.map(({ init }) => init.keepalive)).toEqual([true, undefined]);
  });

  it('is null where the answer has no body', async () => {
    const { api } = answering(() => new Response(null, { status: 204 }));
    expect(await api.signOut()).toEqual({ ok: true, value: null });
  });

  it('is a refusal in the words of the server', async () => {
    const refusal = { code: 'wrong_class', message: '5A', own_lesson: null, own_class_name: '5Б' };
    const { api } = answering(() => Response.json(refusal, { status: 403 }));
    expect(await api.ticket('x')).toEqual({ ok: false, refusal });
  });

  it.each([
    [401, 'signed_out'],
    [404, 'not_found'],
    [429, 'too_many'],
    [502, 'unavailable'],
  ])('is a refusal made from the status %i when a proxy answers instead', async (status, code) => {
    const { api } = answering(() => new Response('<html>', { status }));
    expect(await api.me()).toMatchObject({ ok: false, refusal: { code } });
  });

  it('is «unavailable» when the answer is cut off or nobody answers', async () => {
    const { api } = answering(() => new Response('{"ticket"', { status: 200 }));
    expect(await api.me()).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
    const dead = createApi(() => Promise.reject(new TypeError('no network')));
    expect(await dead.today()).toMatchObject({ ok: false, refusal: { code: 'unavailable' } });
  });
});
