import { wants } from '@jifen/notifications';
import type { KeptSettings, SettingTable } from './message-ports.ts';
import type { EndpointTable, Subscription } from './ports.ts';

/** Who is to be told of what happens in some programs. */
export interface Audience {
  readonly subscriptions: readonly Subscription[];
  /** Of programs whose members are told anything. */
  readonly settings: ReadonlyMap<string, KeptSettings>;
}

export interface AudienceTables<Sql> {
  readonly tables: { readonly endpoints: Pick<EndpointTable<Sql>, 'subscriptions' | 'listeners'> };
  readonly messageTables: { readonly settings: Pick<SettingTable<Sql>, 'of'> };
}

/** Programs where nobody listens cost one question together. */
export async function audienceOf<Sql>(
  sql: Sql,
  { tables, messageTables }: AudienceTables<Sql>,
  programs: readonly string[],
): Promise<Audience> {
  const none = { endpoints: false, members: false };
  const { endpoints, members } = programs.length === 0 ? none : await tables.endpoints.listeners(sql, programs);
  const subscriptions = endpoints ? await tables.endpoints.subscriptions(sql, programs) : [];
  const settings = members ? await messageTables.settings.of(sql, programs) : [];
  const enabled = settings.filter((kept) => kept.settings.enabled);
  return { subscriptions, settings: new Map(enabled.map((kept) => [kept.program, kept])) };
}

export interface ListenersOfEvent {
  readonly any: boolean;
  readonly endpoints: readonly Subscription[];
  readonly members: boolean;
}

export function listenersAmong(audience: Audience, program: string, type: string): ListenersOfEvent {
  const endpoints = audience.subscriptions.filter((each) => each.program === program && wants(each.events, type));
  const members = audience.settings.has(program);
  return { any: members || endpoints.length > 0, endpoints, members };
}
