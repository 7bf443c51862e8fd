import { runDoctor } from '@jifen/app-standalone';
import type { Command } from '../command.ts';

export const DOCTOR: Command = {
  name: 'doctor',
  summary: 'Check this machine: Node, ports, disk, memory, database, broker',
  usage: '',
  options: {},
  run: ({ dataDir, json }) => runDoctor({ port: 3000, dataDir, json }),
};
