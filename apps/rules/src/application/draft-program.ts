import type { Problem, Violation } from '@jifen/contracts';
import { accept, instantFromMillis, refuse, type Outcome } from '@jifen/kernel';
import { validateProgram } from '@jifen/rules';
import type { RulesTables } from './ports.ts';

export interface SaveDraft {
  readonly program: string;
  readonly by: string;
  readonly byName?: string | undefined;
  readonly document: unknown;
  /** Only when the draft still has this revision. */
  readonly expected?: number | undefined;
  readonly now: number;
}

export interface SavedDraft {
  readonly revision: number;
  /** What keeps the draft from being published; a draft may be unfinished. */
  readonly violations: readonly Violation[];
}

export async function saveDraft<Sql>(
  tables: RulesTables<Sql>,
  sql: Sql,
  { program, by, byName, document, expected, now }: SaveDraft,
): Promise<Outcome<SavedDraft, Problem>> {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return refuse({ code: 'invalid_program', detail: 'a program document is an object' });
  const draft = { document, updatedAt: instantFromMillis(now), updatedBy: by, updatedByName: byName };
  const revision = await tables.saveDraft(sql, program, draft, expected);
  if (revision === undefined)
    return refuse({ code: 'version_conflict', detail: `the draft is no longer at revision ${expected}` });
  return accept({ revision, violations: violationsOf(document) });
}

export function violationsOf(document: unknown): readonly Violation[] {
  const validation = validateProgram(document);
  return validation.ok ? [] : validation.violations;
}
