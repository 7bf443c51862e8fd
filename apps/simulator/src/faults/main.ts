import { parseArgs } from 'node:util';
import { runFaults } from './run.ts';
import { SHAPES } from './system.ts';

const HELP = `test:faults kills random parts with SIGKILL at random moments while orders come in, and compares every balance at the end.

  --kills N       how many kills in all (default 50)
  --shape S       standalone, processes (two on one port), services (five on Kafka) or both (the first and the last; default)
  --ledgers N     ledger processes in the services shape (default 2)
  --members N     members that order (default 300)
  --seed N        the same seed kills the same parts (default: by the clock)
  --verbose       the processes' own log lines too
`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    shape: { type: 'string', default: 'both' },
    ledgers: { type: 'string', default: '2' },
    members: { type: 'string', default: '300' },
    seed: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(HELP);
} else {
  const shapes =
    values.shape === 'both' ? (['standalone', 'services'] as const) : SHAPES.filter((shape) => shape === values.shape);
  if (shapes.length === 0) {
    console.error(`--shape must be both or one of ${SHAPES.join(', ')}, not '${values.shape}'`);
    process.exit(2);
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const kills = Number(values.kills);
  console.log(`seed ${seed}`);
  let lost = 0;
  let passed = 0;
  for (const [index, shape] of shapes.entries()) {
    const share = index === 0 ? Math.ceil(kills / shapes.length) : Math.floor(kills / shapes.length);
    const report = await runFaults({
      shape,
      kills: share,
      seed: seed + index,
      members: Number(values.members),
      ledgers: Number(values.ledgers),
      say: (line) => console.log(`${shape}: ${line}`),
      ...(values.verbose ? { onLine: (line: string) => console.log(line) } : {}),
    });
    console.log(JSON.stringify({ ...report, wrong: report.wrong.slice(0, 10) }));
    lost += report.wrong.length;
    passed += report.members - report.wrong.length;
  }
  console.log(`${kills} kills, seed ${seed}: ${passed} balances right, ${lost} wrong`);
  process.exitCode = lost === 0 ? 0 : 1;
}
