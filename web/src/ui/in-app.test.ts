import { describe, expect, it } from 'vitest';
import { inAppOf, intentLink } from './in-app';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 14; SM-A155F';
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36';
const at = (userAgent: string, globals: readonly string[] = [], standalone = false) =>
  inAppOf({ userAgent, globals, standalone });

describe('a browser inside another application', () => {
  it.each([
    [`${IPHONE} Mobile/15E148 VKiOSApp/8.90`, 'VK', 'ios'],
    [`${ANDROID}; wv) ${CHROME} VKAndroidApp/8.95-20000`, 'VK', 'android'],
    [`${IPHONE} Mobile/15E148 Instagram 330.0.0 (iPhone15,2)`, 'Instagram', 'ios'],
    [`${ANDROID}; wv) ${CHROME} Telegram-Android/11.1 (Samsung; SDK 34)`, 'Telegram', 'android'],
    [`${ANDROID}; wv) ${CHROME} MAX/Android 25.9`, 'MAX', 'android'],
    [`${ANDROID}; wv) ${CHROME} [FB_IAB/FB4A;FBAV/470.0]`, 'Facebook', 'android'],
    [`${ANDROID}; wv) ${CHROME}`, null, 'android'],
    [`${IPHONE} Mobile/15E148`, null, 'ios'],
  ] as const)('is told by what it says of itself: %s', (userAgent, app, system) => {
    expect(at(userAgent)).toEqual({ app, system });
  });

  it('is told by what it leaves in the page, where it calls itself Safari', () => {
    const safari = `${IPHONE} Version/18.5 Mobile/15E148 Safari/604.1`;
    expect(at(safari, ['TelegramWebviewProxy'])).toEqual({ app: 'Telegram', system: 'ios' });
  });

  it.each([
    ['Safari', `${IPHONE} Version/18.5 Mobile/15E148 Safari/604.1`],
    ['Chrome on an iPhone', `${IPHONE} CriOS/142.0 Mobile/15E148 Safari/604.1`],
    ['Chrome', `${ANDROID}) ${CHROME}`],
    ['Яндекс Браузер', `${ANDROID}) ${CHROME.replace('Mobile', 'YaBrowser/25.8.0 Mobile')}`],
    ['Firefox', 'Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0'],
    [
      'a computer',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36',
    ],
  ])('is not %s', (_, userAgent) => {
    expect(at(userAgent)).toBeNull();
  });

  it('is not a page on the home screen of an iPhone', () => {
    expect(at(`${IPHONE} Mobile/15E148`, [], true)).toBeNull();
  });
});

describe('the link that Android opens in a browser', () => {
  it('names the page and nobody else', () => {
    expect(intentLink('https://school.example/lessons/ab12?x=1')).toBe(
      'intent://school.example/lessons/ab12?x=1#Intent;scheme=https;action=android.intent.action.VIEW;category=android.intent.category.BROWSABLE;end',
    );
  });
});
