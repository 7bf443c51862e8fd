import type { Calendar, Instant } from '@jifen/kernel';
import type { CompiledLimit, TargetRule } from './compile-window.ts';
import { windowAt } from './period.ts';

/** Where totals of a limit are kept; those of a rolling one are added up cause by cause. */
export const limitBucket = (calendar: Calendar, { key, per }: CompiledLimit, at: Instant): string =>
  typeof per === 'object' ? `${key}/rolling` : `${key}/${windowAt(calendar, per, at).key}`;

/** Where a target counts; the windows of a challenge depend on the enrolment, so that its causes are counted whenever they were. */
export const targetBucket = (calendar: Calendar, { rule, window }: TargetRule, at: Instant): string =>
  typeof window === 'object' ? `${rule}/enrolled` : `${rule}/${windowAt(calendar, window, at).key}`;

export const dayBucket = (bucket: string, day: number): string => `${bucket}/${day}`;

/** Holds the instant of the first enrolment in milliseconds, and the version that was in force. */
export const enrolmentBucket = (rule: string): string => `${rule}/enrolment`;
