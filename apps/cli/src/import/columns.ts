/** What a row can say, and the names that a header may use for it; case, spaces, dashes and underscores do not matter. */
const NAMES = {
  member: ['member', 'member id', 'customer', '会员', '会员号'],
  points: ['points', 'balance', '积分', '余额'],
  currency: ['currency', '积分类型'],
  earnedOn: ['earned on', 'earned', '获得日期', '发放日期'],
  expiresOn: ['expires on', 'expires', '到期日期', '失效日期'],
  reason: ['reason', 'note', '原因', '备注'],
  importId: ['import id'],
  importRow: ['import row'],
  errorCode: ['error code'],
  errorMessage: ['error message'],
} as const;
export type Field = keyof typeof NAMES;

/** Field → place in the row. */
export type Columns = ReadonlyMap<Field, number>;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]+/g, '');

const FIELD_OF = new Map(
  Object.entries(NAMES).flatMap(([field, names]) => names.map((name) => [plain(name), field as Field] as const)),
);

/** What keeps the header from being read, in words; other columns are left alone and come back in the errors file. */
export function columnsOf(header: readonly string[]): Columns | string {
  const columns = new Map<Field, number>();
  for (const [index, name] of header.entries()) {
    const field = FIELD_OF.get(plain(name));
    if (field === undefined) continue;
    if (columns.has(field)) return `the header names ${field} twice, the second time as "${name}"`;
    columns.set(field, index);
  }
  const missing = (['member', 'points'] as const).filter((field) => !columns.has(field));
  if (missing.length === 0) return columns;
  return `the header has no column ${missing.map((field) => `"${NAMES[field].join('" or "')}"`).join(', and none ')}`;
}

/** Ours, written anew into an errors file. */
export const OWN_FIELDS: readonly Field[] = ['importId', 'importRow', 'errorCode', 'errorMessage'];
export const OWN_HEADER: readonly string[] = ['import_id', 'import_row', 'error_code', 'error_message'];
