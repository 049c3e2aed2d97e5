// Which page a path asks for. Pure; the current path lives in app.svelte.ts.

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'check' }
  | { readonly page: 'lesson'; readonly lesson: string }
  | { readonly page: 'unknown' };

/** Line and devices, for anybody at any time. */
export const CHECK = '/check';
/** Ids are opaque; what cannot be one is not asked for at the server. */
const LESSON = /^\/lessons\/([A-Za-z0-9_-]{1,64})\/?$/;

export function routeOf(path: string): Route {
  if (path === '/' || path === '') return { page: 'home' };
  if (path === CHECK || path === `${CHECK}/`) return { page: 'check' };
  const lesson = LESSON.exec(path)?.[1];
  return lesson === undefined ? { page: 'unknown' } : { page: 'lesson', lesson };
}

export function lessonPath(lesson: string): string {
  return `/lessons/${lesson}`;
}

/** Where the demo's sign-in leads, with the path that it comes back to; the home page needs no mention. */
export function signInPath(loginPath: string, back: string): string {
  return back === '/' ? loginPath : `${loginPath}?next=${encodeURIComponent(back)}`;
}
