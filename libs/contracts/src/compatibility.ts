/** A place where a schema no longer accepts, or no longer promises, what its published form did. */
export interface Break {
  readonly pointer: string;
  readonly message: string;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Fields = Readonly<Record<string, Json>>;

const TEXT_FOR_PEOPLE: ReadonlySet<string> = new Set(['title', 'description', 'examples', '$comment']);
const MAY_GROW: ReadonlySet<string> = new Set(['maxLength', 'maxItems', 'maxProperties', 'maximum']);

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

function brokenKeyword(keyword: string, before: Json, after: Json | undefined, pointer: string): readonly Break[] {
  if (TEXT_FOR_PEOPLE.has(keyword) || same(before, after)) return [];
  if (MAY_GROW.has(keyword) && typeof before === 'number' && (after === undefined || Number(after) >= before))
    return [];
  if (keyword === 'enum' && Array.isArray(before) && Array.isArray(after)) {
    const missing = before.filter((value) => !after.some((other) => same(value, other)));
    return missing.map((value) => ({ pointer: `${pointer}/enum`, message: `${JSON.stringify(value)} is gone` }));
  }
  if (keyword === 'required') return [{ pointer: `${pointer}/required`, message: 'changed' }];
  if (isFields(before) && isFields(after)) return findBreaks(before, after, `${pointer}/${keyword}`);
  return [{ pointer: `${pointer}/${keyword}`, message: after === undefined ? 'is gone' : 'changed' }];
}

/**
 * What a published schema loses by becoming `after`. New optional fields, new values of an enum, higher maxima and other
 * words for people may come; anything else needs a new version of the message.
 */
export function findBreaks(before: Fields, after: Fields, pointer = ''): readonly Break[] {
  const broken = Object.entries(before).flatMap(([keyword, value]) =>
    brokenKeyword(keyword, value, after[keyword], pointer),
  );
  const holdsFields = pointer.endsWith('/properties') || pointer.endsWith('/$defs');
  const added = Object.keys(after).filter((keyword) => !(keyword in before) && !TEXT_FOR_PEOPLE.has(keyword));
  // A keyword that is new narrows what was accepted; a field that is new does not, as `required` is compared by itself.
  return holdsFields
    ? broken
    : [...broken, ...added.map((keyword) => ({ pointer: `${pointer}/${keyword}`, message: 'is new' }))];
}
