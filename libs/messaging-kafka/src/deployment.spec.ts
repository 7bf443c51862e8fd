import { existsSync, readFileSync } from 'node:fs';
import { BALANCE_TOPIC, DEFAULT_PARTITIONS, SERVICE_OF_LOG, SOURCE_ORDER_TOPIC, TOPIC_OF_LOG } from '@jifen/messaging';
import { parse } from 'yaml';
import { topicConfig } from './topics.ts';

interface TopicFile {
  readonly partitions: number;
  readonly topics: readonly {
    readonly name: string;
    readonly log?: keyof typeof TOPIC_OF_LOG;
    readonly mirrors?: keyof typeof TOPIC_OF_LOG;
    readonly writer: string;
    readonly key: string;
    readonly config: Readonly<Record<string, string>>;
  }[];
}

interface ComposeFile {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly command?: readonly string[];
        readonly build?: { readonly dockerfile: string };
        readonly healthcheck?: object;
        readonly environment: Readonly<Record<string, string>>;
        readonly deploy: { readonly resources: { readonly limits: { readonly memory: string } } };
      }
    >
  >;
}

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

describe('deploy/kafka/topics.yaml', () => {
  const file = parse(read('deploy/kafka/topics.yaml')) as TopicFile;

  it('names the topics of all published logs, the one of last balances and the one of upstream systems', () => {
    const published = file.topics.flatMap(({ log, name }) => (log === undefined ? [] : [[log, name]]));
    expect(Object.fromEntries(published)).toEqual(TOPIC_OF_LOG);
    expect(file.topics.filter(({ log }) => log === undefined).map(({ name }) => name)).toEqual([
      BALANCE_TOPIC,
      SOURCE_ORDER_TOPIC,
    ]);
    expect(file.partitions).toBe(DEFAULT_PARTITIONS);
  });

  it.each(file.topics)('creates $name as the services do', ({ name, log, mirrors, writer, config }) => {
    const compacted = mirrors !== undefined;
    expect(config).toEqual(topicConfig({ name, partitions: file.partitions, compacted }));
    if (mirrors !== undefined) expect(writer).toBe(SERVICE_OF_LOG[mirrors]);
    if (log !== undefined) expect(writer).toBe(SERVICE_OF_LOG[log]);
  });
});

describe('docker-compose.yml', () => {
  const { services } = parse(read('docker-compose.yml'), { merge: true }) as ComposeFile;
  const ours = ['ingestion', 'rules', 'ledger', 'tiering', 'notifications'];

  it('has PostgreSQL, Kafka, the five services and a catcher of mails, each with health and limits', () => {
    expect(Object.keys(services)).toEqual(['postgres', 'kafka', ...ours, 'mail']);
    for (const service of Object.values(services)) {
      expect(service.healthcheck).toBeDefined();
      expect(service.deploy.resources.limits.memory).toMatch(/^\d+[MG]$/);
    }
  });

  it.each(ours)('runs %s from the one image', (name) => {
    const service = services[name];
    expect(service?.command).toEqual(['node', expect.stringMatching(/^--heap-/), `apps/${name}/dist/main.js`]);
    expect(existsSync(new URL(service?.build?.dockerfile ?? 'nowhere', ROOT))).toBe(true);
    expect(existsSync(new URL(`apps/${name}/package.json`, ROOT))).toBe(true);
    expect(service?.environment['KAFKA_BROKERS']).toBe('kafka:9092');
  });

  it('has no secret that the environment cannot replace', () => {
    const secrets = read('docker-compose.yml')
      .split('\n')
      .filter((line) => /^\s+\w*(PASSWORD|SECRET)\w*:/.test(line));
    expect(secrets.length).toBeGreaterThan(0);
    for (const line of secrets) expect(line).toMatch(/: \$\{\w+:-[^}]+\}$/);
  });
});
