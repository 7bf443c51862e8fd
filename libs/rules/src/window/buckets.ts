import { apart, together, type ValueOf } from '../each.ts';
import type { CompiledLimit, TargetRule } from './compile-window.ts';
import type { WindowKeys } from './period.ts';

/** Where totals of a limit are kept; those of a rolling one are added up cause by cause. */
export const limitBucket = ({ key, per, each }: CompiledLimit, keys: WindowKeys, valueOf: ValueOf): string =>
  apart(typeof per === 'object' ? `${key}/${ROLLING}` : `${key}/${keys[per]}`, each, valueOf);

const ROLLING = 'rolling';

export const isRolling = (bucket: string): boolean => together(bucket).endsWith(`/${ROLLING}`);

/** Where a target counts; the windows of a challenge depend on the enrolment, so that its causes are counted whenever they were. */
export const targetBucket = ({ rule, window }: TargetRule, keys: WindowKeys): string =>
  typeof window === 'object' ? `${rule}/enrolled` : `${rule}/${keys[window]}`;

export const dayBucket = (bucket: string, day: number): string => `${bucket}/${day}`;

/** Holds the instant of the first enrolment in milliseconds, and the version that was in force. */
export const enrolmentBucket = (rule: string): string => `${rule}/enrolment`;
