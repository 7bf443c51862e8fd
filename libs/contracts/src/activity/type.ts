// Generated from schema.json.
/**
 * Anything else a member does. Types are open; identity is (program, source, id).
 */
export interface Activity {
  program?: string;
  source: string;
  id: string;
  type: string;
  member?: string;
  identity?: {
    /**
     * kind of identity, e.g. phone-hash, wecom, shop-customer
     */
    namespace: string;
    value: string;
  };
  occurredAt: string;
  data?: {
    [k: string]: string | number | boolean | null;
  };
}
