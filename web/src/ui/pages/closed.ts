// Every closed page: what it says and which door it offers. Pure; ClosedPage.svelte draws it.

import type { Catalogue } from '../../locales/ru';
import type { Refusal } from '../../protocol/documents';
import type { ClosedReason } from '../../state/lesson';
import type { IconName } from '../icons';

export type Closed = Exclude<Refusal['code'], 'signed_out' | 'not_open_yet'> | ClosedReason | 'browser';

export interface ClosedText {
  readonly icon: IconName;
  readonly mood: 'plain' | 'wait' | 'bad' | 'ok';
  readonly title: string;
  readonly lead: string;
  readonly note: string | null;
  /** Words of the button that goes into this lesson (again); null where the door stays shut. */
  readonly enter: string | null;
}

type Text = (words: Catalogue['closed']) => ClosedText;

const page = (icon: IconName, mood: ClosedText['mood'], title: string, lead: string): ClosedText => ({
  icon,
  mood,
  title,
  lead,
  note: null,
  enter: null,
});

const unavailable: Text = (w) => page('wifi-off', 'wait', w.unavailable, w.unavailableLead);
const notAllowed: Text = (w) => page('door-open', 'wait', w.notAllowed, w.notAllowedLead);

const TEXTS: Readonly<Record<Closed, Text>> = {
  wrong_class: (w) => page('door-open', 'wait', w.wrongClass, w.wrongClassPlain),
  parents_not_in_lessons: (w) => page('users-round', 'wait', w.parents, w.parentsLead),
  not_a_member: (w) => page('door-open', 'wait', w.notMember, w.notMemberLead),
  not_allowed: notAllowed,
  bad_request: notAllowed,
  not_found: (w) => page('link', 'plain', w.notFound, w.notFoundLead),
  too_many: (w) => page('clock', 'wait', w.tooMany, w.tooManyLead),
  unavailable,
  ended: (w) => page('bell', 'ok', w.ended, w.endedLead),
  removed: (w) => ({ ...page('user-x', 'bad', w.removed, w.removedLead), note: w.removedNote }),
  elsewhere: (w) => ({ ...page('monitor', 'wait', w.elsewhere, w.elsewhereLead), enter: w.takeBack }),
  signed_out: (w) => page('log-out', 'wait', w.signedOut, w.signedOutLead),
  left: (w) => ({ ...page('log-out', 'plain', w.left, w.leftLead), enter: w.comeBack }),
  lost: (w) => ({ ...page('wifi-off', 'wait', w.lost, w.lostLead), enter: w.enterAgain }),
  refused: (w) => ({ ...page('door-open', 'wait', w.refused, w.refusedLead), enter: w.enterAgain }),
  browser: (w) => page('globe', 'wait', w.browser, w.browserLead),
};

/** The wrong class's page names the classes and the lesson that is open for this person instead. */
function ownDoor(refusal: Refusal, words: Catalogue['closed']): string {
  const own = refusal.own_class_name ?? null;
  const lesson = refusal.own_lesson ?? null;
  const said = [
    own === null ? words.wrongClassPlain : words.wrongClassLead(own),
    lesson !== null && words.ownLesson(lesson.subject.toLocaleLowerCase()),
  ];
  return said.filter((part) => part !== false).join(' ');
}

export function closedText(reason: Closed, words: Catalogue['closed'], refusal: Refusal | null): ClosedText {
  const text = TEXTS[reason](words);
  return reason === 'wrong_class' && refusal ? { ...text, lead: ownDoor(refusal, words) } : text;
}
