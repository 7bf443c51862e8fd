/** Closed list of problem codes: HTTP status and English title. RFC 9457 `type` is `https://jifen.dev/problems/<code>`. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  invalid_order: { status: 400, title: 'The order contradicts itself' },
  unauthenticated: { status: 401, title: 'No valid API key' },
  forbidden: { status: 403, title: 'The API key may not do this' },
  wrong_program: { status: 403, title: 'The API key belongs to another program' },
  not_found: { status: 404, title: 'There is no such thing' },
  unknown_member: { status: 422, title: 'The identity belongs to no member' },
  member_changed: { status: 409, title: 'The order belongs to another member' },
  revision_conflict: { status: 409, title: 'This revision is known with other content' },
  content_conflict: { status: 409, title: 'This id is known with other content' },
  identity_conflict: { status: 409, title: 'The identity belongs to another member' },
  version_conflict: { status: 409, title: 'Somebody else changed it' },
  insufficient_points: { status: 409, title: 'Not enough points' },
  account_frozen: { status: 409, title: 'The account is frozen' },
  member_inactive: { status: 409, title: 'The member takes no part' },
  member_merged: { status: 409, title: 'The member was merged into another' },
  not_merged: { status: 409, title: 'There is no such merge' },
  unknown_hold: { status: 404, title: 'There is no such hold' },
  hold_closed: { status: 409, title: 'Nothing is held any more' },
  hold_expired: { status: 409, title: 'The hold has expired' },
  exceeds_hold: { status: 409, title: 'More than is held' },
  too_many_holds: { status: 409, title: 'The account has too many open holds' },
  too_many_lots: { status: 409, title: 'The points are in too many lots for one posting' },
  unknown_redemption: { status: 404, title: 'There is no such redemption' },
  exceeds_redemption: { status: 409, title: 'More than is left of the redemption' },
  unknown_transfer: { status: 404, title: 'There is no such transfer' },
  transfer_limit: { status: 409, title: 'A limit of transfers is exceeded' },
  member_parked: { status: 409, title: 'The member is parked after an error in its books' },
  not_redeemable: { status: 422, title: 'These points cannot be spent so' },
  below_minimum: { status: 422, title: 'Less than the program allows' },
  above_maximum: { status: 422, title: 'More than the program allows' },
  not_a_step: { status: 422, title: 'Not a multiple of what the program spends' },
  transfer_not_allowed: { status: 422, title: 'These points cannot be given away' },
  same_member: { status: 422, title: 'Both ends are the same member' },
  unknown_lot: { status: 404, title: 'There is no such lot' },
  already_expired: { status: 422, title: 'The points would have expired already' },
  too_many_assignments: { status: 409, title: 'The tier was set by hand too often' },
  unknown_award: { status: 404, title: 'No award of this id was ever due for approval' },
  already_decided: { status: 409, title: 'It was decided otherwise' },
  nothing_to_change: { status: 409, title: 'There is nothing to change' },
  idempotency_conflict: { status: 422, title: 'The idempotency key was used with another body' },
  in_progress: { status: 409, title: 'The same command is still running' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  history_too_long: { status: 422, title: 'There are too many postings for this question' },
  invalid_program: { status: 422, title: 'The program document is not valid' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'Not available now' },
  not_caught_up: { status: 504, title: 'The projection has not caught up in time' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** What is wrong, as a value: an application function refuses with it, the HTTP edge renders it. */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
  /** What the caller needs to go on, e.g. the real balance; they stand beside `code` in the body. */
  readonly figures?: Readonly<Record<string, string | number>>;
}
