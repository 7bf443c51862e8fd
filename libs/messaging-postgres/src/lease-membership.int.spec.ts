import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, migrate } from '@jifen/event-store-postgres';
import type { Membership } from '@jifen/messaging';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { joinGroup } from './lease-membership.ts';

const PARTITIONS = 4;
const LEASE_MILLIS = 300;
const PATIENCE_MILLIS = 5_000;

let postgres: RunningPostgres;
let pool: Pool;
let groups = 0;
const errors: Error[] = [];
const members: Membership[] = [];

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  const admin = createPool(postgres.url);
  await migrate(admin, { schema: 'sink', role: 'jifen_sink', migrations: [] });
  await admin.end();
  pool = createPool(postgres.url, { schema: 'sink', role: 'jifen_sink' });
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});
beforeEach(() => {
  groups++;
  errors.length = 0;
});
afterEach(async () => {
  await Promise.all(members.splice(0).map((member) => member.leave()));
});

/** A member whose limit is 0 never renews: as if its process were dead. */
const join = async (holder: string, handleLimitMillis = 60_000): Promise<Membership> => {
  const member = await joinGroup({
    pool,
    schema: 'sink',
    group: `group${groups}`,
    holder,
    partitions: PARTITIONS,
    leaseMillis: LEASE_MILLIS,
    handleLimitMillis,
    onError: (error) => errors.push(error),
  });
  members.push(member);
  return member;
};

async function until(condition: () => boolean): Promise<number> {
  const began = performance.now();
  while (!condition()) {
    if (performance.now() - began > PATIENCE_MILLIS) throw new Error('waited in vain');
    await sleep(5);
  }
  return performance.now() - began;
}

/** Lets go at once of what the member is to give back, as its runner does between two batches. */
const obey = (member: Membership): (() => readonly number[]) => {
  let owned = member.held();
  member.onChange(() => {
    const lost = owned.filter((partition) => !member.held().includes(partition));
    owned = member.held();
    if (lost.length > 0) void member.released(lost);
  });
  return () => member.held();
};

describe('the members of an embedded group', () => {
  it('own everything when alone, and at once', async () => {
    expect((await join('one')).held()).toEqual([0, 1, 2, 3]);
  });

  it('share fairly when they come and go, nobody ever having what another has', async () => {
    const one = await join('one');
    const ones = obey(one);
    const twos = obey(await join('two'));
    const double = setIntervalCheck(() => ones().some((partition) => twos().includes(partition)));
    await until(() => ones().length === 2 && twos().length === 2);
    await one.leave();
    await until(() => twos().length === 4);
    expect(double()).toBe(false);
  });

  it('take over from a member that died when its leases have run out', async () => {
    const dead = await join('dead', 0);
    expect(dead.held()).toHaveLength(PARTITIONS);
    const heir = await join('heir');
    const millis = await until(() => heir.held().length === PARTITIONS);
    expect(millis).toBeLessThan(LEASE_MILLIS * 3);
    expect(dead.held()).toEqual([]);
  });

  it('wait for a place when there are more of them than partitions', async () => {
    const held: (() => readonly number[])[] = [];
    for (let n = 0; n <= PARTITIONS; n++) held.push(obey(await join(`member-${n}`)));
    await until(() => held.filter((partitions) => partitions().length === 1).length === PARTITIONS);
    expect(held.filter((partitions) => partitions().length === 0)).toHaveLength(1);
    await Promise.all(members.splice(0, 1).map((member) => member.leave()));
    await until(() => held.slice(1).every((partitions) => partitions().length === 1));
  });

  it('have nothing once their leases ran out unrenewed, whatever they can reach', async () => {
    const lost = await join('lost', 0);
    await until(() => lost.held().length === 0);
    await lost.refresh();
    expect(lost.held()).toEqual([0, 1, 2, 3]);
    expect(errors).toEqual([]);
  });
});

function setIntervalCheck(check: () => boolean): () => boolean {
  let seen = false;
  const timer = setInterval(() => {
    seen ||= check();
  }, 1);
  return () => {
    clearInterval(timer);
    return seen;
  };
}
