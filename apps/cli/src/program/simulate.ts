import { simulateSteps, type Totals } from '@jifen/app-rules';
import { validateProgramTest, type ProgramDocument } from '@jifen/contracts';
import { present } from '@jifen/kernel';
import { EXIT_FAILED, EXIT_OK, optional, UsageError, type Command, type Invocation } from '../command.ts';
import { OF_SERVER } from './documents.ts';
import { faultLine, located, readDocument, readProgram, type FileFault, type Read } from './files.ts';
import { followJob } from './history-job.ts';
import { SERVER_OPTIONS, serverFor, type Server } from './server.ts';
import { totalsLines } from './totals.ts';

const MODES = ['order', 'activity', 'activities', 'member', 'history'] as const;
type Mode = (typeof MODES)[number];

function modeOf({ values }: Invocation): Mode {
  const given = MODES.filter((mode) => values[mode] !== undefined);
  const [mode] = given;
  if (mode === undefined || given.length > 1)
    throw new UsageError(`give one of ${MODES.map((name) => `--${name}`).join(', ')}`);
  return mode;
}

const failed = (invocation: Invocation, faults: readonly FileFault[]): number => {
  invocation.answer({ valid: false, faults }, faults.map(faultLine));
  return EXIT_FAILED;
};

/** With `--gate`, points that would cost too much are something that was found. */
function told(invocation: Invocation, totals: Totals, answer: object, more: readonly string[] = []): number {
  invocation.answer(answer, [...more, ...totalsLines(totals)]);
  return invocation.values['gate'] === true && !totals.costGate.within ? EXIT_FAILED : EXIT_OK;
}

/** How the server is told what is tried: the text of a file, or a name. */
async function candidateOf(name: string): Promise<Read<Readonly<Record<string, unknown>>>> {
  if (OF_SERVER.test(name)) return { ok: true, value: { candidate: name } };
  const read = await readProgram(name);
  return read.ok ? { ok: true, value: { document: read.value } } : read;
}

async function onFiles(invocation: Invocation, name: string): Promise<number> {
  const before = optional(invocation, 'baseline') ?? name;
  if (OF_SERVER.test(name) || OF_SERVER.test(before)) throw new UsageError('--activities works on program files');
  const candidate = await readProgram(name);
  if (!candidate.ok) return failed(invocation, candidate.faults);
  const baseline = await readProgram(before);
  if (!baseline.ok) return failed(invocation, baseline.faults);
  const file = optional(invocation, 'activities') ?? '';
  const read = await readDocument(file);
  if (!read.ok) return failed(invocation, read.faults);
  const { value, text } = read.value;
  const steps = Array.isArray(value) ? { given: value as unknown[] } : (value as object);
  const test = validateProgramTest({ cases: [{ name: file, ...steps, expect: { 'm-1': { points: 0 } } }] });
  const inFile = (pointer: string): string =>
    pointer.replace(/^\/cases\/0/, '').replace(Array.isArray(value) ? /^\/given/ : /^$/, '');
  const faulty = (violations: readonly { readonly pointer: string; readonly message: string }[]): number =>
    failed(
      invocation,
      located(
        file,
        text,
        violations.map((each) => ({ ...each, pointer: inFile(each.pointer) })),
      ),
    );
  if (!test.ok) return faulty(test.violations);
  const given = present(test.value.cases[0], 'the case that was made of the file');
  const totals = await simulateSteps(
    {
      candidate: { name, version: 1, document: candidate.value as ProgramDocument },
      baseline: { name: before, version: 1, document: baseline.value as ProgramDocument },
    },
    given,
  );
  return totals.ok ? told(invocation, totals.value, totals.value) : faulty(totals.refusal);
}

/** One order or activity as it is typed in. */
async function typedIn(invocation: Invocation, server: Server, name: string, mode: 'order' | 'activity') {
  const read = await readDocument(optional(invocation, mode) ?? '');
  if (!read.ok) return failed(invocation, read.faults);
  const candidate = await candidateOf(name);
  if (!candidate.ok) return failed(invocation, candidate.faults);
  const { document } = candidate.value;
  const under =
    document !== undefined
      ? { document }
      : name === 'draft'
        ? { draft: true }
        : name === 'in-force'
          ? {}
          : { version: Number(name) };
  const tier = optional(invocation, 'tier');
  const { body, text } = await server.call('POST', '/v1/program/simulate', {
    body: { ...under, [mode]: read.value.value, ...(tier === undefined ? {} : { tier }) },
  });
  const { explanation, totals, comparison } = JSON.parse(text) as {
    readonly explanation: { readonly words: readonly { readonly en: readonly string[] }[] };
    readonly totals: Readonly<Record<string, number>>;
    readonly comparison?: Totals;
  };
  const words = explanation.words.flatMap(({ en }) => en);
  if (comparison !== undefined) return told(invocation, comparison, body, [...words, '']);
  invocation.answer(body, [...words, ...Object.entries(totals).map(([currency, sum]) => `${currency}: ${sum}`)]);
  return EXIT_OK;
}

function numberOf(invocation: Invocation, name: string): Readonly<Record<string, number>> {
  const text = optional(invocation, name);
  if (text === undefined) return {};
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new UsageError(`--${name} is a number greater than 0`);
  return { [name]: number };
}

async function overHistory(invocation: Invocation, server: Server, name: string): Promise<number> {
  const candidate = await candidateOf(name);
  if (!candidate.ok) return failed(invocation, candidate.faults);
  const [member, baseline] = [optional(invocation, 'member'), optional(invocation, 'baseline')];
  const ask = {
    ...candidate.value,
    ...(baseline === undefined ? {} : { baseline }),
    ...(member === undefined ? {} : { member }),
    ...numberOf(invocation, 'days'),
    ...numberOf(invocation, 'percent'),
  };
  const job = await followJob(server, ask, invocation.progress('Simulating'));
  if (job.state === 'done' && job.report !== undefined) return told(invocation, job.report, job);
  invocation.answer(job, [job.state === 'cancelled' ? 'Cancelled.' : `Failed: ${job.problem ?? 'for no reason'}`]);
  return EXIT_FAILED;
}

export const SIMULATE: Command = {
  name: 'program simulate',
  summary:
    'What a program would give, and change against the one in force: for one order or activity, for what a member did, for history (Ctrl-C cancels it), or on files alone. Writes no rating',
  usage:
    '<file> | draft | in-force | <version>  (--order | --activity | --activities | --member | --history)  [--url <…>]',
  options: {
    ...SERVER_OPTIONS,
    order: { type: 'string', help: 'file with one order (YAML, JSON), rated by a server' },
    activity: { type: 'string', help: 'file with one activity, rated by a server' },
    tier: { type: 'string', help: 'tier to assume for --order and --activity' },
    activities: { type: 'string', help: 'file with steps as in "given" of a program test; needs no server' },
    member: { type: 'string', help: 'what this member did, on a server' },
    history: { type: 'boolean', help: 'what all members did, on a server' },
    days: { type: 'string', help: 'only the last so many days of history' },
    percent: { type: 'string', help: 'only so many percent of the members, always the same ones' },
    baseline: {
      type: 'string',
      help: 'what to compare with: in-force (default), draft, a version; with --activities a file',
    },
    gate: { type: 'boolean', help: 'exit code 1 when points would cost more than 3 % of revenue' },
  },
  positionals: 1,
  run: async (invocation) => {
    const [name = ''] = invocation.positionals;
    const mode = modeOf(invocation);
    if (mode === 'activities') return onFiles(invocation, name);
    const server = serverFor(invocation);
    return mode === 'order' || mode === 'activity'
      ? typedIn(invocation, server, name, mode)
      : overHistory(invocation, server, name);
  },
};
