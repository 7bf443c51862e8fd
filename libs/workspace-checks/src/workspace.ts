import { readdirSync, readFileSync, type Dirent } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly nx?: { readonly tags?: readonly string[] };
}

export interface TsConfig {
  readonly extends?: string;
  readonly references?: readonly { readonly path: string }[];
}

export interface Project {
  /** From the root, e.g. `libs/kernel`. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tsconfig: TsConfig;
}

/** Tests of a project run in its own folder. */
export const ROOT = resolve('../..');
const GROUPS = ['apps', 'libs'];
const NOT_SOURCE = new Set(['node_modules', 'dist', '.jifen', 'tmp', '.cache']);

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const readJson = <T>(path: string): T => JSON.parse(readText(path)) as T;

const entries = (path: string): readonly Dirent[] => readdirSync(join(ROOT, path), { withFileTypes: true });

export const rootManifest = (): Manifest => readJson<Manifest>('package.json');

export function projects(): readonly Project[] {
  return GROUPS.flatMap((group) =>
    entries(group)
      .filter((entry) => entry.isDirectory())
      .map((entry) => {
        const folder = `${group}/${entry.name}`;
        return {
          folder,
          manifest: readJson<Manifest>(`${folder}/package.json`),
          tsconfig: readJson<TsConfig>(`${folder}/tsconfig.json`),
        };
      }),
  );
}

/** Paths from the root of all files below the folder, but what is built or installed. */
function filesBelow(folder: string): readonly string[] {
  return entries(folder).flatMap((entry) => {
    if (NOT_SOURCE.has(entry.name)) return [];
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

export const typeScriptFiles = (): readonly string[] =>
  GROUPS.flatMap((group) => filesBelow(group)).filter((path) => path.endsWith('.ts'));

/** The project folder that a tsconfig reference of another project points at. */
export const referenced = (from: string, path: string): string => relative(ROOT, resolve(ROOT, from, path));
