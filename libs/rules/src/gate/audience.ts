import type { Audience, EarnRule, Experiment, ProgramDocument, Violation } from '@jifen/contracts';
import { murmur2, utf8 } from '@jifen/kernel';
import type { RuleContext } from '../compile.ts';
import { compileMember, memberViolations } from '../condition/member.ts';
import type { ReasonWords, StepWords } from '../explain/sentence.ts';
import { NONE, repeated, violation } from '../violation.ts';
import type { Gate } from './gate.ts';

export interface ShareStep {
  /** Where the member stands among all, in hundredths of a percent. */
  readonly place: number;
  readonly step: 'share';
}

export interface ArmStep {
  readonly arm: string;
  readonly experiment: string;
  readonly step: 'arm';
}

/** Places that all members are dealt to: hundredths of a percent. */
const PLACES = 10_000;
const PERCENT = PLACES / 100;

/** The same for ever: a function of the member's id and the salt alone. */
export const placeOf = (member: string, salt: string): number =>
  (murmur2(utf8(`${salt}/${member}`)) & 0x7fffffff) % PLACES;

/** The arm that a member is dealt to, for good. */
export function armOf({ id, arms }: Experiment, member: string): string {
  const place = placeOf(member, `experiment/${id}`);
  let end = 0;
  for (const arm of arms) {
    end += arm.percent * PERCENT;
    if (place < end) return arm.id;
  }
  return arms.at(-1)?.id ?? '';
}

/** Only some members earn: by what they are, as a part of all, or as an arm of an experiment (P11, P18, Q27). */
export function compileAudience({ audience }: EarnRule, context: RuleContext): Gate | undefined {
  if (audience === undefined) return undefined;
  const member = audience.member === undefined ? undefined : compileMember(audience.member, context);
  const dealt = [shareGate(audience), armGate(audience, context.document)].filter((gate) => gate !== undefined);
  return (run, steps) => {
    for (const gate of dealt) {
      const why = gate(run, steps);
      if (why !== undefined) return why;
    }
    return member === undefined || member(run, steps) ? undefined : 'not-in-audience';
  };
}

function shareGate({ share }: Audience): Gate | undefined {
  if (share === undefined) return undefined;
  const { from = 0, to, salt = '' } = share;
  return ({ input }, steps) => {
    const place = placeOf(input.member, salt);
    steps.push({ place, step: 'share' });
    return place >= from * PERCENT && place < to * PERCENT ? undefined : 'not-in-share';
  };
}

function armGate({ experiment }: Audience, { experiments = [] }: ProgramDocument): Gate | undefined {
  const known = experiments.find(({ id }) => id === experiment?.id);
  if (experiment === undefined || known === undefined) return undefined;
  return ({ input }, steps) => {
    const arm = armOf(known, input.member);
    steps.push({ arm, experiment: known.id, step: 'arm' });
    return arm === experiment.arm ? undefined : 'other-arm';
  };
}

export function audienceViolations(
  { audience }: EarnRule,
  document: ProgramDocument,
  pointer: string,
): readonly Violation[] {
  if (audience === undefined) return NONE;
  const place = `${pointer}/audience`;
  const { member, share, experiment } = audience;
  const known = document.experiments?.find(({ id }) => id === experiment?.id);
  return [
    ...(member === undefined ? NONE : memberViolations(member, document, `${place}/member`)),
    ...(share !== undefined && (share.from ?? 0) >= share.to
      ? [violation(`${place}/share/to`, 'must be greater than from')]
      : NONE),
    ...(experiment === undefined
      ? NONE
      : known === undefined
        ? [violation(`${place}/experiment/id`, `"${experiment.id}" is no experiment of this program`)]
        : known.arms.some(({ id }) => id === experiment.arm)
          ? NONE
          : [violation(`${place}/experiment/arm`, `must be one of ${known.arms.map(({ id }) => id).join(', ')}`)]),
  ];
}

export const experimentViolations = ({ experiments = [] }: ProgramDocument): readonly Violation[] => [
  ...repeated(
    experiments.map(({ id }) => id),
    (index) => `/experiments/${index}/id`,
  ),
  ...experiments.flatMap(({ arms }, index) => [
    ...repeated(
      arms.map(({ id }) => id),
      (arm) => `/experiments/${index}/arms/${arm}/id`,
    ),
    ...(arms.reduce((sum, { percent }) => sum + percent, 0) === 100
      ? NONE
      : [violation(`/experiments/${index}/arms`, 'must have shares that add up to 100')]),
  ]),
];

export const audienceWords: { readonly share: StepWords<ShareStep>; readonly arm: StepWords<ArmStep> } = {
  share: {
    en: ({ place }) => `The member stands at ${(place / PERCENT).toFixed(2)} % of all members.`,
    zh: ({ place }) => `该会员位于全部会员的 ${(place / PERCENT).toFixed(2)}% 处。`,
  },
  arm: {
    en: ({ arm, experiment }) => `In the experiment ${experiment} the member is in arm ${arm}.`,
    zh: ({ arm, experiment }) => `该会员在实验 ${experiment} 中属于分组 ${arm}。`,
  },
};

export const audienceReasons = {
  'not-in-audience': { en: 'it is for other members', zh: '该会员不在适用范围' },
  'not-in-share': { en: 'it is for another part of the members', zh: '该会员不在适用比例内' },
  'other-arm': { en: 'it is for another arm of the experiment', zh: '该会员属于实验的其他分组' },
} satisfies ReasonWords;
