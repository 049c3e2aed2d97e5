// Every closed page: what it says and which door it offers. Pure; ClosedPage.svelte draws it.

import type { Catalogue } from '../../locales/ru';
import type { Lesson, Refusal } from '../../protocol/documents';
import type { ClosedReason } from '../../state/lesson';
import type { IconName } from '../icons';
import type { Mood } from '../parts/mood';

export type Closed = Exclude<Refusal['code'], 'signed_out' | 'not_open_yet'> | ClosedReason | 'browser';

export interface ClosedText {
  readonly icon: IconName;
  readonly mood: Mood;
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
  wrong_meeting: (w) => page('door-open', 'wait', w.wrongMeeting, w.wrongMeetingPlain),
  pupils_not_in_meetings: (w) =>
    page('users-round', 'wait', w.pupilsNotInMeetings, w.pupilsNotInMeetingsLead),
  not_a_member: (w) => page('door-open', 'wait', w.notMember, w.notMemberLead),
  not_allowed: notAllowed,
  bad_request: notAllowed,
  not_found: (w) => page('link', 'plain', w.notFound, w.notFoundLead),
  too_many: (w) => page('clock', 'wait', w.tooMany, w.tooManyLead),
  unavailable,
  ended: (w) => page('bell', 'ok', w.ended, w.endedLead),
  removed: (w) => ({ ...page('user-x', 'bad', w.removed, w.removedLead), note: w.removedNote }),
  declined: (w) => ({ ...page('door-open', 'wait', w.declined, w.declinedLead), enter: w.knockAgain }),
  elsewhere: (w) => ({ ...page('monitor', 'wait', w.elsewhere, w.elsewhereLead), enter: w.takeBack }),
  already_here: (w) => ({ ...page('monitor', 'wait', w.alreadyHere, w.alreadyHereLead), enter: w.takeOver }),
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

/** At a meeting the same pages speak of the meeting. */
const wordsOf = (words: Catalogue['closed'], kind: Lesson['kind']): Catalogue['closed'] =>
  kind === 'meeting' ? { ...words, ...words.meeting } : words;

interface About {
  readonly kind?: Lesson['kind'];
  /** Whose meeting it is that is closed for this parent, where the page knows. */
  readonly className?: string | null;
}

export function closedText(
  reason: Closed,
  words: Catalogue['closed'],
  refusal: Refusal | null,
  { kind = 'lesson', className = null }: About = {},
): ClosedText {
  const text = TEXTS[reason](wordsOf(words, kind));
  if (reason === 'wrong_class' && refusal) return { ...text, lead: ownDoor(refusal, words) };
  if (reason === 'wrong_meeting' && className !== null) {
    return { ...text, lead: words.wrongMeetingLead(className, refusal?.own_class_name ?? null) };
  }
  return text;
}
