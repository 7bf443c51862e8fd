import type { MemberStanding } from '@jifen/contracts';
import { EXIT_FAILED, EXIT_OK, required, table, UsageError, type Command, type Invocation } from '../command.ts';
import { SERVER_OPTIONS, serverFor, type Answer } from '../program/server.ts';

type Standing = MemberStanding['standing'];
type Reason = MemberStanding['reason'];

const REASONS = ['request', 'legal', 'fraud', 'dormant', 'other'] as const satisfies readonly Reason[];
/** Answers about one member; whatever else goes wrong goes wrong for all. */
const OF_A_MEMBER = [400, 409];

const pathOf = (member: string): string => `/v1/members/${encodeURIComponent(member)}/standing`;

const show: Command = {
  name: 'members show',
  summary: 'Whether members take part, and who changed that',
  usage: '<member>… --url <…>',
  positionals: 'some',
  options: SERVER_OPTIONS,
  run: async (invocation) => {
    const server = serverFor(invocation);
    const standings: Answer['body'][] = [];
    for (const member of invocation.positionals) standings.push((await server.call('GET', pathOf(member))).body);
    const rows = standings.map((body) =>
      ['member', 'standing', 'reason', 'actor', 'at'].map((name) => String(body[name] ?? '')),
    );
    invocation.answer(standings, table(['MEMBER', 'STANDING', 'REASON', 'ACTOR', 'SINCE'], rows));
    return EXIT_OK;
  },
};

interface Change {
  readonly verb: string;
  readonly standing: Standing;
  readonly summary: string;
  readonly final: boolean;
}

const CHANGES: readonly Change[] = [
  {
    verb: 'deactivate',
    standing: 'deactivated',
    summary: 'Members take no part until they are active again; their points stay',
    final: false,
  },
  { verb: 'reactivate', standing: 'active', summary: 'Deactivated members take part again', final: false },
  {
    verb: 'anonymise',
    standing: 'anonymised',
    summary: 'Drop all that tells who members are, for good; their points stay in the books',
    final: true,
  },
  {
    verb: 'remove',
    standing: 'removed',
    summary: 'Anonymise members and take their points, for good',
    final: true,
  },
];

const YES = { type: 'boolean', help: 'required: there is no way back' } as const;

const commandOf = ({ verb, standing, summary, final }: Change): Command => ({
  name: `members ${verb}`,
  summary,
  usage: `<member>… --reason <…> --actor <…>${final ? ' --yes' : ''} --url <…>`,
  positionals: 'some',
  options: {
    reason: { type: 'string', help: REASONS.join(', ') },
    actor: { type: 'string', help: 'who decided it; kept for good, so no name of the member' },
    ...(final ? { yes: YES } : {}),
    ...SERVER_OPTIONS,
  },
  run: async (invocation) => {
    const reason = REASONS.find((one) => one === required(invocation, 'reason'));
    if (reason === undefined) throw new UsageError(`--reason must be one of ${REASONS.join(', ')}`);
    const actor = required(invocation, 'actor');
    if (final && invocation.values['yes'] !== true) throw new UsageError('there is no way back: add --yes');
    return changeAll(invocation, { standing, reason, actor });
  },
});

/** One by one: who is refused is named, and keeps no other from its turn. */
async function changeAll(
  invocation: Invocation,
  body: Pick<MemberStanding, 'standing' | 'reason' | 'actor'>,
): Promise<number> {
  const server = serverFor(invocation);
  const members = [...new Set(invocation.positionals)];
  const progress = invocation.progress('Changing');
  const answers: Answer[] = [];
  for (const [index, member] of members.entries()) {
    answers.push(await server.call('PUT', pathOf(member), { body, expected: OF_A_MEMBER }));
    progress(index + 1, members.length);
  }
  const lines = answers.map(({ status, body: answer }, index) =>
    status < 300
      ? `  ✓ ${members[index]} ${body.standing}${forgottenOf(answer)}`
      : `  ✗ ${members[index]} ${String(answer['code'])}: ${String(answer['detail'])}`,
  );
  const refused = answers.filter(({ status }) => status >= 300).length;
  const value = answers.map(({ body: answer }, index) => ({ member: members[index], ...answer }));
  invocation.answer(value, [...lines, `${answers.length - refused} of ${answers.length} members ${body.standing}`]);
  return refused === 0 ? EXIT_OK : EXIT_FAILED;
}

const WORDS: Readonly<Record<string, string>> = { deadLetters: 'dead letters' };

/** What of a member the request dropped. */
function forgottenOf({ forgotten }: Answer['body']): string {
  if (typeof forgotten !== 'object' || forgotten === null) return '';
  const counts = Object.entries(forgotten as Readonly<Record<string, number>>);
  return `, dropped: ${counts.map(([what, count]) => `${count} ${WORDS[what] ?? what}`).join(', ')}`;
}

export const MEMBER_COMMANDS: readonly Command[] = [show, ...CHANGES.map(commandOf)];
