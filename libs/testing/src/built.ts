import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workspaceRoot } from './workspace-root.ts';

interface Build {
  isStale(root: string): boolean;
  build(root: string, node: string): Promise<number>;
}

/** Processes and threads of their own run what is built: builds it unless it is as new as the sources. */
export async function ensureBuilt(): Promise<void> {
  const root = workspaceRoot();
  const script = pathToFileURL(join(root, 'apps/standalone/bin/build.js'));
  const { isStale, build } = (await import(script.href)) as Build;
  if (isStale(root) && (await build(root, process.execPath)) !== 0) throw new Error('the build failed');
}
