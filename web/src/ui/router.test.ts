import { describe, expect, it } from 'vitest';
import { CHECK, lessonPath, routeOf, signInPath } from './router';

describe('the router', () => {
  it('knows home and lessons', () => {
    expect(routeOf('/')).toEqual({ page: 'home' });
    expect(routeOf('/lessons/aB3-_x')).toEqual({ page: 'lesson', lesson: 'aB3-_x' });
    expect(routeOf('/lessons/aB3/')).toEqual({ page: 'lesson', lesson: 'aB3' });
  });

  it('knows the check of line and devices', () => {
    for (const path of [CHECK, `${CHECK}/`]) expect(routeOf(path)).toEqual({ page: 'check' });
    expect(routeOf('/checks')).toEqual({ page: 'unknown' });
  });

  it.each(['/lessons/', '/lessons/a/b', '/lessons/%2e%2e', '/nowhere', `/lessons/${'a'.repeat(65)}`])(
    'knows no page at %s',
    (path) => {
      expect(routeOf(path)).toEqual({ page: 'unknown' });
    },
  );

  it('finds the lesson of the path that it writes', () => {
    expect(routeOf(lessonPath('q7'))).toEqual({ page: 'lesson', lesson: 'q7' });
  });

  it('lets sign-in come back to the lesson, and says nothing about the home page', () => {
    expect(signInPath('/demo/sign-in/p1', '/lessons/q7')).toBe('/demo/sign-in/p1?next=%2Flessons%2Fq7');
    expect(signInPath('/demo/sign-in/p1', '/')).toBe('/demo/sign-in/p1');
  });
});
