// The mood of a page or a row that says one thing: the colours of `.plate-…` and `.mark-…` in styles/notes.css.

export type Mood = 'plain' | 'wait' | 'bad' | 'ok';
