import type { Call } from './call.ts';

export interface MemberReads<Sql> {
  /** Currencies that each member has an account in, by `program/member`. */
  currenciesOf(sql: Sql, owners: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Only commands for all currencies of a member need to know which there are. */
export const isForAll = ({ intent }: Call): boolean =>
  intent.kind === 'merge' ||
  intent.kind === 'unmerge' ||
  ((intent.kind === 'freeze' || intent.kind === 'unfreeze') && intent.currency === undefined);

export async function currenciesByOwner<Sql>(
  sql: Sql,
  members: MemberReads<Sql>,
  calls: readonly Call[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const owners = [...new Set(calls.filter(isForAll).map(({ owner }) => owner))];
  return owners.length === 0 ? new Map() : members.currenciesOf(sql, owners);
}
