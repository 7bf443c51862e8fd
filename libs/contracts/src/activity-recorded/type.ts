// Generated from schema.json.
/**
 * An accepted activity. Type activity.recorded on jifen.activity.v1.
 */
export interface ActivityRecorded {
  program: string;
  member: string;
  source: string;
  id: string;
  type: string;
  occurredAt: string;
  data?: {
    [k: string]: string | number | boolean | null;
  };
}
