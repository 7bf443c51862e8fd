export { borrowDatabase, DataDirectoryError, openDataDirectory, startDatabase } from './data-directory.ts';
export { DEFINITIONS, sameUrl, type ServiceUrls } from './definitions.ts';
export { runDoctor } from './doctor/run.ts';
export { progressBar } from './progress.ts';
export type { ServiceProcess } from './service-process.ts';
export { startServices, type RunningServices, type ServicesOptions } from './services.ts';
export { issueKey, startStandalone, type RunningStandalone, type StandaloneOptions } from './standalone.ts';
export { SERVICE_NODE_FLAGS, STANDALONE_NODE_FLAGS } from './node-flags.ts';
