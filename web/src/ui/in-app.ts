// Browsers inside other applications: a link in a chat opens there, often without camera and microphone. Which one it is, on what
// telephone, and the link that Android itself opens in a browser. Pure.

/** Proper names; the same in every language. */
const APPS: readonly (readonly [RegExp, string])[] = [
  [/\bVK(?:AndroidApp|iOSApp|App|Client)|\bcom\.vk\.|\bvk_client\b/i, 'VK'],
  [/\bOK(?:AndroidApp|App|iOS)|OdklIOS|ru\.ok\.android/i, 'OK'],
  [/Telegram/i, 'Telegram'],
  [/\bMAX(?:[/ ](?:Android|iOS)|App|Messenger)|\bOneMe\b/i, 'MAX'],
  [/Instagram/i, 'Instagram'],
  [/\bFB(?:AN|AV|_IAB)\b/, 'Facebook'],
  [/\bViber\b/i, 'Viber'],
  [/\bWhatsApp\b/i, 'WhatsApp'],
  [/\bMicroMessenger\b/i, 'WeChat'],
  [/\bLine\//, 'LINE'],
];

export interface InApp {
  /** Null where only the kind of browser gives it away. */
  readonly app: string | null;
  readonly system: 'ios' | 'android' | 'other';
}

export interface Surroundings {
  readonly userAgent: string;
  /** Names that applications leave in their pages, such as TelegramWebview. */
  readonly globals: readonly string[];
  /** A page on the home screen is a browser of its own. */
  readonly standalone: boolean;
}

function systemOf(userAgent: string): InApp['system'] {
  if (/\b(?:iPhone|iPad|iPod)\b/.test(userAgent)) return 'ios';
  return /\bAndroid\b/.test(userAgent) ? 'android' : 'other';
}

/** Android marks its WebView with «; wv»; on an iPhone every real browser says Safari at the end. */
function isWebView(userAgent: string, system: InApp['system']): boolean {
  if (system === 'android') return /;\s*wv\)/.test(userAgent);
  return system === 'ios' && /AppleWebKit/.test(userAgent) && !/Safari\//.test(userAgent);
}

export function inAppOf({ userAgent, globals, standalone }: Surroundings): InApp | null {
  const system = systemOf(userAgent);
  if (system === 'other' || standalone) return null;
  const traces = [userAgent, ...globals].join(' ');
  const app = APPS.find(([trace]) => trace.test(traces))?.[1] ?? null;
  return app !== null || isWebView(userAgent, system) ? { app, system } : null;
}

/** Opens the page in the browser that Android's owner has chosen; nobody else is asked. */
export function intentLink(href: string): string {
  const { host, pathname, search, protocol } = new URL(href);
  const scheme = protocol.slice(0, -1);
  return `intent://${host}${pathname}${search}#Intent;scheme=${scheme};action=android.intent.action.VIEW;category=android.intent.category.BROWSABLE;end`;
}
