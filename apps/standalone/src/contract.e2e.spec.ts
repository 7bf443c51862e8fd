import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { leaveOut } from '@jifen/testing';

const SCRIPT = fileURLToPath(new URL('../scripts/contract.mjs', import.meta.url));
const SECONDS = '40';
const LONG_MS = 240_000;
const SUITE = 'the contract by Schemathesis';

/** What it printed ends the message: its summary names the requests that failed, as commands to be run again. */
const contract = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const args = [SCRIPT, '--seconds', SECONDS];
    execFile(process.execPath, args, { maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${stderr}\n${stdout}`.slice(-20_000)));
    });
  });

if ((process.env['JIFEN_SCHEMATHESIS'] ?? '') === '')
  leaveOut(SUITE, 'JIFEN_SCHEMATHESIS names no installed command (npm run test:contract fetches it)');
else
  describe(SUITE, () => {
    it(
      'no answer is a fault, and none is one that the OpenAPI document has not',
      async () => {
        expect(await contract()).toMatch(/Test cases:|test cases|passed/i);
      },
      LONG_MS,
    );
  });
