// Generated from schema.json.
/**
 * Facts of a member changed; the whole new set. Type member.updated on jifen.activity.v1.
 */
export interface MemberUpdated {
  program: string;
  member: string;
  facts: {
    [k: string]: string | number | boolean | string[];
  };
  occurredAt: string;
}
