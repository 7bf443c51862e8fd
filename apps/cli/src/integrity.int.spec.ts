import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ledgerService } from '@jifen/app-ledger';
import { createPool, createPostgresEventStore, migrate } from '@jifen/event-store-postgres';
import { instantFromMillis, partitionOf } from '@jifen/kernel';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { COMMANDS, run } from './index.ts';

const SCRIPT = fileURLToPath(new URL('../../../examples/check-proof/check-proof.mjs', import.meta.url));
const PARTITIONS = 4;
const at = instantFromMillis(Date.UTC(2026, 10, 1));
const sh = promisify(execFile);

type Check = (proof: string, checkpoint: string, key: string) => { readonly events: readonly object[] };

describe('checkpoints and proofs', () => {
  let database: RunningPostgres;
  let admin: Pool;
  let folder: string;
  let checkProof: Check;
  const versions = new Map<string, number>();

  const file = (name: string): string => join(folder, name);
  const jifen = async (...args: readonly string[]) => {
    const said = { out: '', err: '' };
    const code = await run(COMMANDS, [...args, '--database-url', database.url], {
      out: (text) => void (said.out += `${text}\n`),
      err: (text) => void (said.err += `${text}\n`),
    });
    return { code, ...said };
  };
  const verify = (name: string, key = 'signer.pub') =>
    jifen('checkpoint', 'verify', '--in', file(name), '--public-key', file(key));

  async function append(members: number, each: number): Promise<void> {
    const clock = (): number => Date.UTC(2026, 10, 2);
    const store = createPostgresEventStore({
      pool: admin,
      schema: 'ledger',
      log: 'ledger',
      partitions: PARTITIONS,
      clock,
    });
    for (let n = 0; n < members * each; n++) {
      const key = `shop/m-${n % members}`;
      const version = (versions.get(key) ?? 0) + 1;
      versions.set(key, version);
      const partition = partitionOf(key, PARTITIONS);
      const what = { key, type: 'points.earned', schemaVersion: 1, data: `{"n":${n},"名":"积分"}`, meta: {} };
      await store.transact({ partitions: [partition] }, async (tx) => {
        tx.append(partition, { stream: `${key}/points`, version, ...what, occurredAt: at, effectiveAt: at });
      });
    }
  }

  /** As the owner with the trigger off, who may do everything: also compute all hashes anew. */
  const asOwner = (sql: string) =>
    admin.query(`ALTER TABLE ledger.event DISABLE TRIGGER event_append_only; ${sql};
      ALTER TABLE ledger.event ENABLE TRIGGER event_append_only`);

  beforeAll(async () => {
    database = await startPostgres({ fsync: false });
    admin = createPool(database.url);
    folder = await mkdtemp(join(tmpdir(), 'jifen-checkpoint-'));
    await migrate(admin, { schema: 'ledger', role: 'jifen_ledger', migrations: ledgerService.migrations });
    await append(5, 30);
    ({ checkProof } = (await import(SCRIPT)) as { checkProof: Check });
    const { code } = await jifen('checkpoint', 'keygen', '--out', file('signer'));
    expect(code).toBe(0);
    const written = await jifen('checkpoint', 'write', '--key', file('signer'), '--out', file('first.json'));
    expect(written).toMatchObject({ code: 0, err: '' });
    expect(written.out).toContain('150 events');
  }, 120_000);
  afterAll(async () => {
    await admin.end();
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps the private key to its owner, shows it to nobody and never writes over it', async () => {
    expect((await stat(file('signer'))).mode & 0o777).toBe(0o600);
    const again = await jifen('checkpoint', 'keygen', '--out', file('signer'));
    expect(again).toMatchObject({ code: 2 });
    expect(again.err).toContain('exists already');
    const made = await jifen('checkpoint', 'keygen', '--out', file('other'), '--json');
    expect(made.out).not.toContain('PRIVATE KEY');
    await chmod(file('other'), 0o644);
    const open = await jifen('checkpoint', 'write', '--key', file('other'), '--out', file('never.json'));
    expect(open).toMatchObject({ code: 2 });
    expect(open.err).toContain(`chmod 600 ${file('other')}`);
  });

  it('N05: a checkpoint holds while the logs only grow, and one that goes on from it is the same as one from the start', async () => {
    await append(7, 9);
    expect(await verify('first.json')).toMatchObject({ code: 0 });
    const write = ['checkpoint', 'write', '--key', file('signer'), '--out'];
    await jifen(...write, file('next.json'), '--previous', file('first.json'));
    await jifen(...write, file('whole.json'));
    const logsOf = async (name: string): Promise<unknown> =>
      (
        JSON.parse((JSON.parse(await readFile(file(name), 'utf8')) as { statement: string }).statement) as {
          logs: unknown;
        }
      ).logs;
    expect(await logsOf('next.json')).toEqual(await logsOf('whole.json'));
    const signed = ['--checkpoint', file('next.json'), '--public-key', file('signer.pub')];
    expect(await jifen('verify', '--chain-only', ...signed)).toMatchObject({ code: 0 });
  });

  it('a checkpoint that was changed, or signed by somebody else, is none', async () => {
    expect((await verify('first.json', 'other.pub')).code).toBe(1);
    const text = await readFile(file('first.json'), 'utf8');
    await writeFile(file('changed.json'), text.replace('\\"position\\":', '\\"position\\":1'));
    expect(await verify('changed.json')).toMatchObject({ code: 1 });
    expect((await verify('missing.json')).code).toBe(2);
  });

  it('N05: tells a log that was rewritten with all its hashes, which its own chain cannot', async () => {
    await admin.query('CREATE TABLE kept AS TABLE ledger.event; CREATE TABLE kept_shard AS TABLE ledger.shard');
    const { partition } = (await admin.query<{ partition: number }>('SELECT partition FROM ledger.event LIMIT 1'))
      .rows[0] ?? {
      partition: 0,
    };
    await asOwner(`UPDATE ledger.event SET data = '{"n":"mine"}' WHERE partition = ${partition} AND position = 3`);
    await rechain(partition);
    expect(await jifen('verify', '--chain-only')).toMatchObject({ code: 0 });
    expect(await verify('first.json')).toMatchObject({ code: 1 });
    const signed = ['--checkpoint', file('first.json'), '--public-key', file('signer.pub')];
    const told = await jifen('verify', '--chain-only', ...signed);
    expect(told.code).toBe(1);
    expect(told.out).toContain('the log was rewritten');
    await asOwner(`DELETE FROM ledger.event; INSERT INTO ledger.event TABLE kept; DELETE FROM ledger.shard;
      INSERT INTO ledger.shard TABLE kept_shard; DROP TABLE kept, kept_shard`);
    await asOwner(`DELETE FROM ledger.event WHERE partition = ${partition} AND position > 3`);
    const cut = await verify('first.json');
    expect(cut).toMatchObject({ code: 1 });
    expect(cut.out).toContain(`partition ${partition}, position`);
  });

  /** What an owner without a conscience does: every hash from the first event, and the shard row. */
  async function rechain(partition: number): Promise<void> {
    const sql = `
DO $$ DECLARE e ledger.event; previous bytea := decode(repeat('00', 32), 'hex'); t text := 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'; fields text[]; f text; b text;
BEGIN
  FOR e IN SELECT * FROM ledger.event WHERE partition = ${partition} ORDER BY position LOOP
    fields := ARRAY[encode(previous, 'hex'), e.log, e.partition::text, e.position::text, e.stream, e.version::text, e.key, e.type,
      e.schema_version::text, to_char(e.occurred_at AT TIME ZONE 'UTC', t), to_char(e.recorded_at AT TIME ZONE 'UTC', t),
      to_char(e.effective_at AT TIME ZONE 'UTC', t), e.meta, e.data];
    b := '';
    FOREACH f IN ARRAY fields LOOP b := b || octet_length(f) || ':' || f || ','; END LOOP;
    previous := sha256(convert_to(b, 'UTF8'));
    UPDATE ledger.event SET hash = previous WHERE log = e.log AND partition = e.partition AND position = e.position;
  END LOOP;
  UPDATE ledger.shard SET head_hash = previous WHERE partition = ${partition};
END $$`;
    await asOwner(sql);
  }

  describe('a proof', () => {
    const options = (): readonly string[] => ['--checkpoint', file('first.json'), '--public-key', file('signer.pub')];
    const texts = async (proof: string): Promise<[string, string, string]> => [
      await readFile(file(proof), 'utf8'),
      await readFile(file('first.json'), 'utf8'),
      await readFile(file('signer.pub'), 'utf8'),
    ];

    beforeAll(async () => {
      await asOwner('TRUNCATE ledger.event, ledger.shard');
      versions.clear();
      await append(5, 30);
      await rm(file('first.json'));
      await jifen('checkpoint', 'write', '--key', file('signer'), '--out', file('first.json'));
    });

    it('N05: of a member’s postings is checked by a script that knows nothing of us', async () => {
      const made = await jifen('proof', 'export', ...options(), '--member', 'shop/m-3', '--out', file('member.json'));
      expect(made).toMatchObject({ code: 0 });
      const { stdout } = await sh(process.execPath, [
        SCRIPT,
        file('member.json'),
        file('first.json'),
        file('signer.pub'),
      ]);
      expect(stdout).toContain('proven: 30 events');
      expect(stdout.match(/shop\/m-3\/points points\.earned/g)).toHaveLength(30);
    });

    it('N05: exists for every event, and is no longer than the logarithm of their number', async () => {
      const partition = partitionOf('shop/m-1', PARTITIONS);
      const { rows } = await admin.query<{ position: number }>(
        'SELECT position FROM ledger.shard WHERE partition = $1',
        [partition],
      );
      const size = rows[0]?.position ?? 0;
      for (let position = 1; position <= size; position++) {
        const out = file(`event-${position}.json`);
        const event = `ledger-${partition}-${position}`;
        expect(await jifen('proof', 'export', ...options(), '--event', event, '--out', out)).toMatchObject({ code: 0 });
        const [proof, checkpoint, key] = await texts(`event-${position}.json`);
        expect(checkProof(proof, checkpoint, key).events).toMatchObject([{ partition, position }]);
        const { events } = JSON.parse(proof) as { events: readonly { path: readonly string[] }[] };
        expect(events[0]?.path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
      }
    });

    it('N05: fails whichever byte of it is flipped, and whichever of the checkpoint', async () => {
      const [proof, checkpoint, key] = await texts('event-7.json');
      expect(() => checkProof(proof, checkpoint, key)).not.toThrow();
      let flips = 0;
      for (const [text, check] of [
        [proof, (changed: string) => checkProof(changed, checkpoint, key)],
        [checkpoint, (changed: string) => checkProof(proof, changed, key)],
      ] as const) {
        const bytes = Buffer.from(text);
        for (let index = 0; index < bytes.length; index++) {
          for (const mask of [1, 32, 128]) {
            const changed = Buffer.from(bytes);
            changed.writeUInt8((bytes[index] ?? 0) ^ mask, index);
            expect(() => check(changed.toString('utf8'))).toThrow();
            flips++;
          }
        }
      }
      expect(flips).toBeGreaterThan(3_000);
    });

    it.each([
      [['--event', 'ledger-0'], '--event is'],
      [['--event', 'ledger-0-999999'], 'the checkpoint ends before it'],
      [['--event', 'ledger-9-1'], 'no partition 9'],
      [['--event', 'tier-0-1'], 'of the log tier'],
      [['--member', 'shop'], '--member is'],
      [['--member', 'shop/nobody'], 'no posting of shop/nobody'],
      [['--member', 'shop/m-1', '--limit', '0'], '--limit must be'],
      [['--member', 'shop/m-1', '--event', 'ledger-0-1'], 'give --event or --member'],
      [[], 'give --event or --member'],
    ])('is refused for %j', async (args, message) => {
      const refused = await jifen('proof', 'export', ...options(), '--out', file('refused.json'), ...args);
      expect(refused.err).toContain(message);
      expect(refused.code).toBe(2);
    });
  });
});
