import { EXIT_FAILED, EXIT_OK, type Command } from '../command.ts';
import { faultLine, readProgram, type FileFault } from './files.ts';

export const VALIDATE: Command = {
  name: 'program validate',
  summary: 'Whether program files could be published; exit code 1 when one could not',
  usage: '<file>…',
  options: {},
  positionals: 'some',
  run: async (invocation) => {
    const faults: FileFault[] = [];
    const lines: string[] = [];
    for (const file of invocation.positionals) {
      const read = await readProgram(file);
      if (read.ok) lines.push(`  ✓ ${file}`);
      else {
        faults.push(...read.faults);
        lines.push(...read.faults.map(faultLine));
      }
    }
    invocation.answer({ valid: faults.length === 0, faults }, lines);
    return faults.length === 0 ? EXIT_OK : EXIT_FAILED;
  },
};
