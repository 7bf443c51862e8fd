import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NODE_FLAGS } from '@jifen/app-standalone';
import { SERVICE_NAMES } from '@jifen/service-host';
import { parse } from 'yaml';
import { readText, ROOT } from './pages.ts';

const CHART = 'deploy/helm/jifen';
const templates = readdirSync(join(ROOT, CHART, 'templates')).map((name) => `${CHART}/templates/${name}`);
const values = parse(readText(`${CHART}/values.yaml`)) as Readonly<Record<string, unknown>>;
const chart = parse(readText(`${CHART}/Chart.yaml`)) as Readonly<Record<string, unknown>>;

const at = (path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name], values);

interface ServiceValues {
  readonly replicas: number;
  readonly [name: string]: unknown;
}

const services = values['services'] as Readonly<Record<string, ServiceValues>>;

describe('the chart', () => {
  it('is a chart of the five services', () => {
    expect(chart).toMatchObject({ apiVersion: 'v2', name: 'jifen' });
    expect(Object.keys(services).sort()).toEqual([...SERVICE_NAMES].sort());
  });

  it.each(templates)('%s uses only values that exist, and closes what it opens', (path) => {
    const text = readText(path);
    const used = [...text.matchAll(/\.Values\.([A-Za-z.]+)/g)].map(([, name = '']) => name);
    expect(used.filter((name) => at(name) === undefined)).toEqual([]);
    const own = [...text.matchAll(/\$service\.(\w+)/g)].map(([, name = '']) => name);
    for (const [name, service] of Object.entries(services))
      expect([name, own.filter((field) => service[field] === undefined)]).toEqual([name, []]);
    const opened = text.match(/\{\{-? *(?:if|range|with) /g)?.length ?? 0;
    expect(text.match(/\{\{-? *end *-?\}\}/g)?.length ?? 0).toBe(opened);
  });

  it('sets variables that the services read', () => {
    const text = templates.map(readText).join('\n');
    const set = [...text.matchAll(/^ +(?:- name: )?([A-Z][A-Z_]{3,})(?::|$)/gm)].map(([, name = '']) => name);
    const known = readText('docs/operations.md');
    expect(set).toEqual(expect.arrayContaining(['DATABASE_URL', 'JIFEN_PARTITIONS', 'PORT']));
    const foreign = set.filter(
      (name) => !['NODE_ENV', 'NODE_OPTIONS'].includes(name) && !known.includes(`\`${name}\``),
    );
    expect(foreign).toEqual([]);
  });

  it('lets the heaps of its processes grow as those that are started without it', () => {
    const flag = SERVICE_NODE_FLAGS.find((each) => each.startsWith('--heap-growing-percent=')) ?? 'none';
    const started = ['docker-compose.yml', 'deploy/docker/Dockerfile', ...templates].flatMap((path) =>
      readText(path)
        .split('\n')
        .filter((line) => line.includes('/dist/main.js') && !line.startsWith('#')),
    );
    expect(started).toHaveLength(SERVICE_NAMES.length + 2);
    expect(started.filter((line) => !line.includes(flag))).toEqual([]);
  });

  it('gives a process time to drain before it is killed, and every replica a partition', () => {
    const stop = Number(at('preStopSeconds')) + Number(at('config.drainMs')) / 1000 + 30;
    expect(Number(at('terminationGracePeriodSeconds'))).toBeGreaterThanOrEqual(stop);
    const most = Math.max(Number(at('autoscaling.maxReplicas')), ...Object.values(services).map((one) => one.replicas));
    expect(most).toBeLessThanOrEqual(Number(at('config.partitions')));
  });
});
