// Russian words for whoever opened a link inside a messenger. A part of ru.ts.

const inside = (app: string | null) => (app === null ? 'внутри приложения' : `внутри ${app}`);

export const ruInApp = {
  title: (app: string | null) => `Страница открыта ${inside(app)}.`,
  lead: (browser: string) => `Камеры и микрофона здесь нет. Откройте урок в\u00a0${browser}.`,
  steps: (browser: string): readonly string[] => [
    'Скопируйте ссылку.',
    `Откройте ${browser}.`,
    'Вставьте ссылку в строку адреса и войдите.',
  ],
  open: 'Открыть в браузере',
  hint: (app: string | null, browser: string) =>
    `Вы ${inside(app)}. Если пропадёт картинка или звук, откройте ссылку в\u00a0${browser}.`,
};
