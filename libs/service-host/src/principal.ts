/** What an API key may be allowed to do. */
export const SCOPES = [
  'activity:write',
  'rejected:read',
  'rejected:write',
  'member:write',
  'member:erase',
  'program:read',
  'program:write',
  'program:publish',
  'rating:read',
  'cart:preview',
  'award:approve',
  'balance:read',
  'liability:read',
  'points:spend',
  'points:transfer',
  'points:adjust',
  'points:import',
  'account:freeze',
  'member:merge',
  'tier:read',
  'tier:assign',
  'webhook:read',
  'webhook:write',
  'notification:read',
  'notification:write',
  'operations:read',
  'operations:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks: every key belongs to one program. Set on the request by the API-key guard, as `request.principal`. */
export interface Principal {
  readonly keyId: string;
  /** What the key is called, for lists of who did what. */
  readonly keyName: string;
  readonly program: string;
  readonly scopes: readonly Scope[];
}
