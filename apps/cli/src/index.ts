export { COMMANDS } from './commands/index.ts';
export { run } from './run.ts';
