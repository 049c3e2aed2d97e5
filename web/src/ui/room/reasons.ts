// Reasons for which a teacher removes somebody; the dialog offers three of those that the protocol knows.

import type { LessonIntents } from '../../state/lesson';

export type Reason = Exclude<Parameters<LessonIntents['remove']>[1], 'other'>;

export const REASONS: readonly Reason[] = ['noise', 'conduct', 'stranger'];
