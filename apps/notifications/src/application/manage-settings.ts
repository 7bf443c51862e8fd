import type { Problem } from '@jifen/contracts';
import { accept, instantFromMillis, refuse, type Outcome } from '@jifen/kernel';
import {
  DEFAULT_SETTINGS,
  LANGUAGES,
  SAMPLE_FACTS,
  type ChannelName,
  type MessageRule,
  type Settings,
} from '@jifen/notifications';
import { contentOf, type Render } from './compose.ts';
import type { KeptSettings, LedgerReadingTable, SettingTable } from './message-ports.ts';
import type { InTransaction } from './ports.ts';
import { wordsOfNone } from './program-words.ts';
import { watchesElse } from './watch.ts';

export interface SettingsParts<Sql> {
  readonly sql: Sql;
  readonly inTransaction: InTransaction<Sql>;
  readonly settings: SettingTable<Sql>;
  readonly readings: Pick<LedgerReadingTable<Sql>, 'close'>;
  readonly render: Render;
  /** Why a channel cannot be used here; `undefined` when it can. */
  readonly absenceOf: (channel: ChannelName) => string | undefined;
  readonly clock: () => number;
  readonly onSaved?: () => void;
}

type Fault = NonNullable<Problem['errors']>[number];

const NEVER = '1970-01-01T00:00:00.000Z';

/** Of a program that has none: what it would start from, as revision 0. */
export async function readSettings<Sql>(parts: SettingsParts<Sql>, program: string): Promise<KeptSettings> {
  const kept = (await parts.settings.of(parts.sql, [program]))[0];
  const none = { program, revision: 0, settings: DEFAULT_SETTINGS, notifyFrom: NEVER, changedBy: '', changedAt: NEVER };
  return kept ?? none;
}

export interface SettingsChange {
  readonly program: string;
  readonly settings: Settings;
  /** That it was made from; `undefined`: whatever there is. */
  readonly revision: number | undefined;
  readonly by: string;
}

/** Replaces the settings. They hold at once, also for messages that wait. Turning messages on tells nobody of old news. */
export async function saveSettings<Sql>(
  parts: SettingsParts<Sql>,
  { program, settings, revision, by }: SettingsChange,
): Promise<Outcome<KeptSettings, Problem>> {
  const errors = faultsOf(parts, program, settings);
  if (errors.length > 0) return refuse({ code: 'invalid_request', detail: 'the settings are not valid', errors });
  const known = await readSettings(parts, program);
  if (revision !== undefined && revision !== known.revision) return conflict(known.revision);
  const now = instantFromMillis(parts.clock());
  const wasOn = known.revision > 0 && known.settings.enabled;
  const kept: KeptSettings = {
    program,
    settings,
    revision: known.revision + 1,
    notifyFrom: wasOn ? known.notifyFrom : now,
    changedBy: by,
    changedAt: now,
  };
  const saved = await parts.inTransaction(async (sql) => {
    if (!(await parts.settings.save(sql, kept))) return false;
    // What was not kept until now, or is not from now on, is read anew when it is wanted.
    if (watchesElse(known, kept)) await parts.readings.close(sql, program);
    return true;
  });
  if (!saved) return conflict(kept.revision);
  parts.onSaved?.();
  return accept(kept);
}

const conflict = (revision: number): Outcome<never, Problem> =>
  refuse({ code: 'version_conflict', detail: `the settings are at revision ${revision}`, figures: { revision } });

function faultsOf<Sql>(parts: SettingsParts<Sql>, program: string, settings: Settings): readonly Fault[] {
  const seen = new Set<string>();
  const faults: Fault[] = [];
  settings.messages.forEach((rule, place) => {
    const pointer = `/messages/${place}`;
    if (seen.has(rule.trigger))
      faults.push({ pointer: `${pointer}/trigger`, message: `${rule.trigger} is there twice` });
    seen.add(rule.trigger);
    rule.channels.forEach((channel, index) => {
      const absence = parts.absenceOf(channel);
      if (absence !== undefined) faults.push({ pointer: `${pointer}/channels/${index}`, message: absence });
    });
    faults.push(...templateFaults(parts, program, settings, rule, pointer));
  });
  return faults;
}

/** Templates are tried with a sample: what cannot be rendered now would be dead when it counts. */
function templateFaults<Sql>(
  { render, clock }: SettingsParts<Sql>,
  program: string,
  settings: Settings,
  { trigger, templates }: MessageRule,
  pointer: string,
): readonly Fault[] {
  return LANGUAGES.flatMap((language) => {
    const template = templates?.[language];
    if (template === undefined) return [];
    const wording = { settings, words: wordsOfNone(program), language, template };
    const tried = contentOf(render, { program, member: 'm-1' }, trigger, [SAMPLE_FACTS[trigger]], wording, clock());
    return tried.ok ? [] : [{ pointer: `${pointer}/templates/${language}`, message: tried.refusal }];
  });
}
