/** Ids of awards are made of ids, which have no `~`: they can be taken apart again. */
const SEPARATOR = '~';
export const MAX_AWARD_ID = 512;

export const causeAwardId = (member: string, rule: string, source: string, cause: string): string =>
  [member, rule, source, cause].join(SEPARATOR);

/** The one award of a rule that pays a member once for ever. */
export const onceAwardId = (member: string, rule: string): string => [member, rule, 'w', 'once'].join(SEPARATOR);

export interface AwardIdParts {
  readonly member: string;
  readonly rule: string;
  readonly source: string;
  readonly cause: string;
}

/** `undefined` when the text is no award id. A once award has source `w` and cause `once`. */
export function parseAwardId(text: string): AwardIdParts | undefined {
  const [member, rule, source, cause, ...rest] = text.split(SEPARATOR);
  if (!member || !rule || !source || !cause || rest.length > 0 || text.length > MAX_AWARD_ID) return undefined;
  return { member, rule, source, cause };
}
