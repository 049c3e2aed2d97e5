// How what a check came to looks: the colours of a mood and an icon, beside the words.

import type { Fitness, StepState } from '../../state/verdict';
import type { IconName } from '../icons';
import type { Mood } from '../parts/mood';

interface Look {
  readonly mood: Mood;
  readonly icon: IconName;
}

export const FITNESS_LOOKS: Readonly<Record<Fitness, Look>> = {
  video: { mood: 'ok', icon: 'circle-check' },
  fewer: { mood: 'wait', icon: 'video' },
  sound: { mood: 'wait', icon: 'mic' },
  none: { mood: 'bad', icon: 'wifi-off' },
  untested: { mood: 'wait', icon: 'clock' },
};

export const STEP_LOOKS: Readonly<Record<StepState, Look>> = {
  good: { mood: 'ok', icon: 'check' },
  fair: { mood: 'wait', icon: 'triangle-alert' },
  bad: { mood: 'bad', icon: 'x' },
  skipped: { mood: 'plain', icon: 'minus' },
};
