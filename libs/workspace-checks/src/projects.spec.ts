import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projects, readText, referenced, ROOT, rootManifest } from './workspace.ts';

const all = projects();
const byName = new Map(all.map((project) => [project.manifest.name, project.folder]));
const named = all.map((project) => [project.folder, project] as const);

describe.each(named)('%s', (folder, { manifest, tsconfig }) => {
  const tags = manifest.nx?.tags ?? [];

  it('has exactly one type and one scope', () => {
    expect(tags.filter((tag) => tag.startsWith('type:'))).toHaveLength(1);
    expect(tags.filter((tag) => tag.startsWith('scope:'))).toHaveLength(1);
    expect(tags).toHaveLength(2);
  });

  it('is a private ES module under the licence of the house, with a README', () => {
    expect(manifest).toMatchObject({ private: true, license: 'Apache-2.0', type: 'module' });
    expect(manifest.name).toMatch(/^@jifen\/[a-z-]+$/);
    expect(existsSync(join(ROOT, folder, 'README.md'))).toBe(true);
  });

  it('refers the compiler to the projects that it depends on', () => {
    const wanted = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})]
      .map((name) => byName.get(name))
      .filter((path) => path !== undefined);
    const given = (tsconfig.references ?? []).map(({ path }) => referenced(folder, path));
    expect([...given].sort()).toEqual([...new Set(wanted)].sort());
  });

  it('names exact versions', () => {
    const versions = { ...manifest.dependencies, ...manifest.devDependencies };
    const loose = Object.entries(versions).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
  });

  if (tags.includes('type:domain')) {
    it('is pure: compiled without timers, console and process, and without packages but a CEL evaluator', () => {
      expect(tsconfig.extends).toBe('../../tsconfig.pure.json');
      const foreign = Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith('@jifen/'));
      expect(foreign.filter((name) => name !== '@marcbachmann/cel-js')).toEqual([]);
    });
  }
});

describe('the workspace', () => {
  it('names exact versions and which packages may run scripts', () => {
    const manifest = rootManifest();
    const loose = Object.entries(manifest.devDependencies ?? {}).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
    expect(manifest).toHaveProperty('allowScripts');
  });

  it('uses one version of a package everywhere', () => {
    const versions = new Map<string, Set<string>>();
    for (const { manifest } of [...all, { manifest: rootManifest() }]) {
      for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
      }
    }
    expect([...versions].filter(([, used]) => used.size > 1)).toEqual([]);
  });

  it('builds every project from its root', () => {
    const root = JSON.parse(readText('tsconfig.json')) as { references: { path: string }[] };
    expect(root.references.map(({ path }) => path).sort()).toEqual(all.map(({ folder }) => folder).sort());
  });

  it('keeps the licence', () => {
    expect(readText('LICENSE')).toContain('Apache License');
  });
});
