import { CHANNELS, validateBalanceStated } from '@jifen/contracts';
import { LEDGER_EVENT_TYPES } from '@jifen/ledger';
import { BALANCE_TOPIC, DEFAULT_PARTITIONS, SOURCE_ORDER_TOPIC, TOPIC_OF_LOG } from '@jifen/messaging';
import { parse } from 'yaml';
import { readText } from './pages.ts';

interface Topics {
  readonly partitions: number;
  readonly topics: readonly { readonly name: string; readonly key: string; readonly config: Record<string, string> }[];
}

const deployed = parse(readText('deploy/kafka/topics.yaml')) as Topics;

describe('the documented topics', () => {
  it('are those that the services write and read', () => {
    expect(new Set(CHANNELS.map(({ topic }) => topic))).toEqual(
      new Set([...Object.values(TOPIC_OF_LOG), BALANCE_TOPIC, SOURCE_ORDER_TOPIC]),
    );
  });

  it('are deployed with the keys and the retention that the contract states', () => {
    expect(deployed.partitions).toBe(DEFAULT_PARTITIONS);
    for (const { topic, key, retention } of CHANNELS) {
      const found = deployed.topics.find(({ name }) => name === topic);
      expect(found).toMatchObject({ key });
      expect([topic, found?.config['retention.ms']]).toEqual([topic, retention === 'whole' ? '-1' : undefined]);
    }
  });

  it.each(['docs/downstream.md', 'docs/downstream.zh-CN.md'])('%s shows a last balance as it is', (page) => {
    const [, example = ''] = /```json\n(\{\n {2}"program"[^`]*)```/.exec(readText(page)) ?? [];
    expect(validateBalanceStated(JSON.parse(example))).toMatchObject({ ok: true });
  });

  it('carry every posting that the ledger can make', () => {
    const ledger = CHANNELS.find(({ topic }) => topic === TOPIC_OF_LOG.ledger);
    expect(new Set(ledger?.messages.map(({ type }) => type))).toEqual(new Set(LEDGER_EVENT_TYPES));
  });
});
