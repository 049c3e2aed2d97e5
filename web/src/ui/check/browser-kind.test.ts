import { describe, expect, it } from 'vitest';
import { browserOf, systemOf } from './browser-kind';

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

describe('the browser', () => {
  it.each([
    [`${WINDOWS} ${CHROME}`, 0, 'chromium'],
    [`${MAC} ${CHROME} Edg/140.0.0.0`, 0, 'chromium'],
    [
      `${WINDOWS} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 YaBrowser/25.8.0 Safari/537.36`,
      0,
      'yandex',
    ],
    [`${WINDOWS.replace('x64)', 'x64; rv:140.0)')} Gecko/20100101 Firefox/140.0`, 0, 'firefox'],
    ['Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 5, 'firefox'],
    [`${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15`, 0, 'safari_mac'],
    [`${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15`, 5, 'safari_ios'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1',
      5,
      'safari_ios',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) CriOS/140.0 Mobile/15E148 Safari/604.1',
      5,
      'other_ios',
    ],
    [`Mozilla/5.0 (Linux; Android 10; K) ${CHROME.replace('Safari', 'Mobile Safari')}`, 5, 'chrome_android'],
    ['something of its own', 0, 'chromium'],
  ] as const)('of «%s» with %s fingers is %s', (userAgent, fingers, kind) => {
    expect(browserOf(userAgent, fingers)).toBe(kind);
  });
});

describe('the system', () => {
  it.each([
    [MAC, 0, 'mac'],
    [MAC, 5, 'ios'],
    [WINDOWS, 10, 'windows'],
    ['Mozilla/5.0 (Linux; Android 10; K)', 5, 'android'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 0, 'other'],
  ] as const)('of «%s» with %s fingers is %s', (userAgent, fingers, kind) => {
    expect(systemOf(userAgent, fingers)).toBe(kind);
  });
});
