// Russian words of weak lines and of the data saver. A part of ru.ts.

export const ruLinks = {
  weak: 'слабая связь',
  saver: 'Картинки других',
  savers: { all: 'Все', one: 'Одна', sound: 'Только звук' },
};
