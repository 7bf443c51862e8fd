import { parseArgs } from 'node:util';
import { runDownstream } from './run.ts';

const HELP = `test:downstream starts a consumer of jifen.ledger.v1 (examples/rebuild-balances) from an empty disk while orders come in, kills it at
random moments, starts it again, and compares every balance that it rebuilt with the API's. It needs Java 17 and Maven for a broker of its own.

  --kills N     how many kills (default 20)
  --members N   members that order (default 300)
  --seed N      the same seed kills at the same moments (default: by the clock)
`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    members: { type: 'string', default: '300' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(HELP);
} else {
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  const say = (line: string): void => console.log(line);
  const report = await runDownstream({ kills: Number(values.kills), members: Number(values.members), seed, say });
  console.log(JSON.stringify(report));
  console.log(
    `${report.kills} kills, seed ${seed}: ${report.accounts} balances rebuilt, ${report.different} different`,
  );
  process.exitCode = report.different === 0 && report.accounts > 0 ? 0 : 1;
}
