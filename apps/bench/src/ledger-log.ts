import { ledgerService } from '@jifen/app-ledger';
import type { NewEvent } from '@jifen/event-store';
import { instantFromMillis, memberKey, partitionOf, points, type Instant } from '@jifen/kernel';
import {
  accountKey,
  decided,
  LEDGER_SCHEMA_VERSION,
  openAccount,
  type LedgerCommand,
  type LedgerEvent,
} from '@jifen/ledger';
import { DEFAULT_PARTITIONS } from '@jifen/messaging';
import { bareService } from './bare-service.ts';

const CURRENCY = 'points';
const DAY_MS = 86_400_000;
/** Accounts of one transaction. */
const BATCH = 200;
const CONNECTIONS = 2;
const SAY_EVENTS = 100_000;
/** Each command is one posting. */
const EVENTS_EACH = 10;

export interface LedgerLog {
  readonly databaseUrl: string;
  readonly program: string;
  /** At least so many. */
  readonly events: number;
  readonly say: (line: string) => void;
}

/**
 * Writes so many postings into the ledger's log, hash chain and all, as the ledger decides them and its store appends them, and
 * nothing into its tables: those are for a rebuild to fill. Answers how many it wrote.
 */
export async function writeLedgerLog({ databaseUrl, program, events, say }: LedgerLog): Promise<number> {
  const ledger = await bareService(ledgerService, databaseUrl);
  const store = ledger.store('ledger');
  const lanes = Array.from({ length: DEFAULT_PARTITIONS }, (): string[] => []);
  for (let n = 0; n * EVENTS_EACH < events; n++) {
    const member = `m-${n}`;
    lanes[partitionOf(memberKey(program, member), DEFAULT_PARTITIONS)]?.push(member);
  }
  let written = 0;
  let said = 0;
  const fill = async (partition: number): Promise<void> => {
    const members = lanes[partition] ?? [];
    for (let from = 0; from < members.length; from += BATCH) {
      await store.transact({ partitions: [partition] }, async (tx) => {
        const now = instantFromMillis(tx.now);
        for (const member of members.slice(from, from + BATCH)) {
          for (const event of yearOf(program, member, now)) tx.append(partition, event);
        }
      });
      written += Math.min(BATCH, members.length - from) * EVENTS_EACH;
      if (written - said >= SAY_EVENTS) {
        said = written;
        say(`${written} of ${events} events written`);
      }
    }
  };
  const waiting = lanes.keys();
  const writer = async (): Promise<void> => {
    for (const partition of waiting) await fill(partition);
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, writer));
  } finally {
    await ledger.close();
  }
  return written;
}

/** What a member's account sees in a year: orders, a return, a gift, a redemption that is partly reversed, and here and there a hold. */
function yearOf(program: string, member: string, now: Instant): readonly NewEvent[] {
  const expiresAt = instantFromMillis(Date.parse(now) + 300 * DAY_MS);
  const order = (id: string, revision: number, target: number): LedgerCommand => ({
    kind: 'post-award',
    award: {
      ...{ currency: CURRENCY, awardId: `${member}~base~shop~${id}`, revision, target },
      ...{ ruleId: 'base', ruleVersion: 1, availableAt: now, expiresAt },
    },
    cause: { source: 'shop', id: `${member}-${id}`, revision: 1 },
    origin: { partition: 0, position: revision },
    earnedAt: now,
  });
  const end: readonly LedgerCommand[] = member.endsWith('0')
    ? [
        { kind: 'hold', id: 'H-1', points: points(40), expiresAt },
        { kind: 'release', id: 'L-1', hold: 'H-1' },
      ]
    : [order('5', 6, 90), order('6', 7, 14)];
  const commands: readonly LedgerCommand[] = [
    order('1', 1, 120),
    order('2', 2, 75),
    order('3', 3, 260),
    order('3', 4, 200),
    { kind: 'adjust', id: 'gift', points: points(50), reason: 'goodwill', actor: 'bench' },
    { kind: 'redeem', id: 'R-1', points: points(180), reference: 'order-9' },
    { kind: 'reverse-redemption', id: 'V-1', redemption: 'R-1', points: points(30) },
    order('4', 5, 33),
    ...end,
  ];
  let account = openAccount(program, member, CURRENCY);
  return commands.flatMap((command) => {
    const answer = decided(account, command, now);
    if (!answer.ok) throw new Error(`${command.kind} is refused: ${JSON.stringify(answer.refusal)}`);
    account = answer.value.account;
    return answer.value.events.map(eventOf);
  });
}

function eventOf({ type, version, entry, occurredAt, effectiveAt }: LedgerEvent): NewEvent {
  const { program, member, currency } = entry;
  return {
    stream: accountKey(program, member, currency),
    version,
    key: memberKey(program, member),
    type,
    schemaVersion: LEDGER_SCHEMA_VERSION,
    data: JSON.stringify(entry),
    meta: {},
    occurredAt,
    effectiveAt,
  };
}
