// Generated from schema.json.
/**
 * A message to a member, put into its words, for a push service of your own. Types notification.<trigger>, by webhook only.
 */
export interface MessageSent {
  title: string;
  body: string;
  /**
   * where a tap leads, e.g. myapp://points; may be empty
   */
  deepLink: string;
  language: 'en' | 'zh';
}
