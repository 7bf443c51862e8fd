import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { asyncApi, CONTRACT_VERSION, DOCUMENTED_PARTITIONS } from './async-api.ts';
import { CHANNELS, WEBHOOK_MESSAGES } from './channels.ts';
import { EXAMPLES } from './examples.ts';
import * as validators from './validators.ts';

const VALIDATORS: Readonly<
  Record<keyof typeof validators.SCHEMAS, (value: unknown) => validators.Validation<unknown>>
> = {
  order: validators.validateOrder,
  'order-refund': validators.validateOrderRefund,
  activity: validators.validateActivity,
  member: validators.validateMember,
  'order-recorded': validators.validateOrderRecorded,
  'activity-recorded': validators.validateActivityRecorded,
  'member-updated': validators.validateMemberUpdated,
  'member-standing': validators.validateMemberStanding,
  'rating-made': validators.validateRatingMade,
  program: validators.validateProgramDocument,
  'program-test': validators.validateProgramTest,
  'program-published': validators.validateProgramPublished,
  'ledger-entry': validators.validateLedgerEntry,
  'balance-stated': validators.validateBalanceStated,
  'tier-changed': validators.validateTierChanged,
  'tier-near-upgrade': validators.validateTierNearUpgrade,
  'tier-kept': validators.validateTierKept,
  'tier-will-downgrade': validators.validateTierWillDowngrade,
  'tier-assigned': validators.validateTierAssigned,
  'message-sent': validators.validateMessageSent,
};

const messages = [...CHANNELS, WEBHOOK_MESSAGES].flatMap(({ messages: some }) => some);

describe('the contract of the topics', () => {
  it.each(messages.map(({ type, schema }) => [type, schema] as const))(
    '%s has an example that is valid',
    (type, schema) => {
      const examples = EXAMPLES.filter((example) => example.type === type);
      expect(examples).not.toHaveLength(0);
      for (const { value } of examples) expect(VALIDATORS[schema](value)).toEqual({ ok: true, value });
    },
  );

  it('has no example of a message that no topic carries', () => {
    const known = new Set(messages.map(({ type }) => type));
    expect(EXAMPLES.filter(({ type }) => !known.has(type))).toEqual([]);
  });

  it.each([
    ['points changed', 'points.earned', 'points.reversed', 'points.redeemed', 'points.adjusted', 'points.expired'],
    ['points pending', 'points.earned', 'points.activated'],
    ['points expiring', 'notification.points-expiring', 'points.expiry-extended'],
    ['tier up and down', 'tier.changed', 'notification.tier-changed'],
    ['tier will be down', 'tier.will-downgrade', 'notification.tier-will-fall'],
    ['tier near', 'tier.near-upgrade'],
  ])('Q31: the catalogue has %s, as AsyncAPI', (_, ...types) => {
    const { components } = asyncApi(CONTRACT_VERSION, DOCUMENTED_PARTITIONS) as {
      components: { messages: Record<string, { name: string; examples: readonly unknown[] }> };
    };
    for (const type of types) {
      const documented = Object.values(components.messages).filter(({ name }) => name === type);
      expect([type, documented.length]).toEqual([type, 1]);
      expect(documented[0]?.examples.length).toBeGreaterThan(0);
    }
  });

  it('is a valid AsyncAPI 3.0 document', () => {
    const specification = JSON.parse(
      readFileSync(new URL(import.meta.resolve('@asyncapi/specs/schemas/3.0.0.json')), 'utf8'),
    ) as Record<string, unknown>;
    const ajv = new Ajv({ strict: false, meta: false, validateSchema: false, validateFormats: false });
    const validate = ajv.compile(specification);
    validate(asyncApi(CONTRACT_VERSION, DOCUMENTED_PARTITIONS));
    expect(validate.errors ?? []).toEqual([]);
    validate({ asyncapi: '3.0.0', info: { title: 'no version' } });
    expect(validate.errors ?? []).not.toEqual([]);
  });

  it('is committed as it is', () => {
    const committed = readFileSync(new URL('../../../docs/reference/asyncapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(
      JSON.parse(JSON.stringify(asyncApi(CONTRACT_VERSION, DOCUMENTED_PARTITIONS))),
    );
  });

  it('refers to nothing that is not in the document', () => {
    const document = asyncApi(CONTRACT_VERSION, DOCUMENTED_PARTITIONS);
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#([^"]+)"/g)].map(([, pointer = '']) => pointer);
    expect(references.length).toBeGreaterThan(20);
    for (const pointer of references) {
      const found = pointer
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
      expect([pointer, typeof found]).toEqual([pointer, 'object']);
    }
  });
});
