// Generated from schema.json.
/**
 * A version of a program came into force. Type program.published on jifen.program.v1.
 */
export interface ProgramPublished {
  program: string;
  version: number;
  effectiveFrom: string;
  publishedBy: string;
  document: {
    [k: string]: unknown;
  };
}
