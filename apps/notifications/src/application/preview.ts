import type { Problem } from '@jifen/contracts';
import { accept, refuse, type Outcome } from '@jifen/kernel';
import { SAMPLE_FACTS, type Language, type Template, type Trigger } from '@jifen/notifications';
import { contentOf, type Render } from './compose.ts';
import { readSettings, type SettingsParts } from './manage-settings.ts';
import type { Content, MessageTable, RecipientTable, WordsTable } from './message-ports.ts';
import { wordsOfNone } from './program-words.ts';

export interface PreviewParts<Sql> extends SettingsParts<Sql> {
  readonly words: Pick<WordsTable<Sql>, 'inForce'>;
  readonly recipients: Pick<RecipientTable<Sql>, 'find'>;
  readonly messages: Pick<MessageTable<Sql>, 'newestFacts'>;
  readonly render: Render;
}

export interface PreviewRequest {
  readonly program: string;
  readonly member: string;
  readonly trigger: Trigger;
  /** The member's when absent. */
  readonly language: Language | undefined;
  /** That in force when absent. */
  readonly template: Template | undefined;
}

export interface Preview extends Content {
  /** The figures of the member's newest message of the kind, or made up because there is none. */
  readonly figures: 'of the member' | 'sample';
}

/** What a member would read, sent to nobody: with its newest figures of the kind, its language and the program's words. */
export async function previewMessage<Sql>(
  parts: PreviewParts<Sql>,
  { program, member, trigger, language, template }: PreviewRequest,
): Promise<Outcome<Preview, Problem>> {
  const { sql, render, clock } = parts;
  const key = { program, member };
  const { settings } = await readSettings(parts, program);
  const words = (await parts.words.inForce(sql, program, clock())) ?? wordsOfNone(program);
  const chosen = (await parts.recipients.find(sql, key))?.preferences.language;
  const wording = {
    settings,
    words,
    language: language ?? chosen ?? settings.language,
    ...(template === undefined ? {} : { template }),
  };
  const facts = await parts.messages.newestFacts(sql, key, trigger);
  const content = contentOf(render, key, trigger, [facts ?? SAMPLE_FACTS[trigger]], wording, clock());
  if (content.ok) return accept({ ...content.value, figures: facts === undefined ? 'sample' : 'of the member' });
  const errors = [{ pointer: '/template', message: content.refusal }];
  return refuse({ code: 'invalid_request', detail: 'the template cannot be rendered', errors });
}
