// Generated from schema.json.
/**
 * Facts about a member that rules may use, and the identities by which sources know it. Nothing that names a person.
 */
export interface MemberProfile {
  /**
   * @maxItems 32
   */
  identities?: {
    /**
     * kind of identity, e.g. phone-hash, wecom, shop-customer
     */
    namespace: string;
    value: string;
  }[];
  facts?: {
    [k: string]: string | number | boolean | string[];
  };
}
