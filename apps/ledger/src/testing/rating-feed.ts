import type { Award, RatingMade } from '@jifen/contracts';
import { instant, memberKey, partitionOf } from '@jifen/kernel';
import { messageOfEvent, TOPIC_OF_LOG, type Message } from '@jifen/messaging';

export interface Worth {
  readonly member: string;
  readonly order: string;
  readonly target: number;
  readonly program?: string;
  readonly award?: Partial<Award>;
  /** When the order counts. */
  readonly at?: string;
}

const PLACED = instant('2026-11-01T00:00:00Z');
const HASH = new Uint8Array(32);

/** The rating log as rules would write it: positions without gaps per partition, revisions of awards are positions. */
export class RatingFeed {
  readonly messages: Message[] = [];
  readonly #heads: number[];

  constructor(private readonly partitions: number) {
    this.#heads = new Array<number>(partitions).fill(0);
  }

  rate(...worths: readonly Worth[]): readonly Message[] {
    const made = worths.map((worth) => this.#message(worth));
    this.messages.push(...made);
    return made;
  }

  #message({ program = 'demo', member, order, target, award, at = PLACED }: Worth): Message {
    const key = memberKey(program, member);
    const partition = partitionOf(key, this.partitions);
    const position = (this.#heads[partition] ?? 0) + 1;
    this.#heads[partition] = position;
    const rating: RatingMade = {
      program,
      member,
      cause: { source: 'shop', id: order, revision: 1 },
      origin: { partition, position },
      programVersion: 1,
      occurredAt: at,
      awards: [
        {
          currency: 'points',
          awardId: `${member}~base~shop~${order}`,
          revision: position,
          target,
          ruleId: 'base',
          ruleVersion: 1,
          availableAt: PLACED,
          ...award,
        },
      ],
    };
    return this.messageOf(key, partition, position, JSON.stringify(rating));
  }

  messageOf(key: string, partition: number, position: number, data: string): Message {
    return messageOfEvent(
      {
        log: 'rating',
        partition,
        position,
        stream: `${key}/shop/order`,
        version: position,
        key,
        type: 'rating.made',
        schemaVersion: 1,
        data,
        meta: { correlationId: `activity-${partition}-${position}` },
        occurredAt: PLACED,
        recordedAt: PLACED,
        effectiveAt: PLACED,
        hash: HASH,
      },
      TOPIC_OF_LOG.rating,
    );
  }
}
