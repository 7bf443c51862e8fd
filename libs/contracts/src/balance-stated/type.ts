// Generated from schema.json.
/**
 * How an account stands after its last posting; the record that compaction keeps of its key. Type balance.stated on jifen.balance.v1.
 */
export interface BalanceStated {
  program: string;
  member: string;
  currency: string;
  available: number;
  pending: number;
  held: number;
  debt: number;
  /**
   * number of the posting in its account, from 1: of two records of a key the higher one holds
   */
  version: number;
}
