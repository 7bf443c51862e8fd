import { CHANNELS, WEBHOOK_MESSAGES, type Channel, type ChannelMessage } from './channels.ts';
import { EXAMPLES } from './examples.ts';
import { SCHEMAS } from './validators.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Fields = Record<string, Json>;

/** Of the contract as a whole; a topic's own version is in its name. */
export const CONTRACT_VERSION = '1.0.0';
/** Partitions that the committed document states: the default of a deployment. */
export const DOCUMENTED_PARTITIONS = 16;

const SCHEMA_FORMAT = 'application/schema+json;version=draft-2020-12';
const KAFKA_BINDING = '0.5.0';
const RECORD_LIMIT = 1_572_864;

const PROMISES = `All topics carry CloudEvents 1.0 in binary mode: attributes in \`ce_*\` headers, a JSON value.

- **Delivery**: at least once. \`ce_sequence\` is the position in the partition's log, without gaps: drop what is not above the last one you applied; a gap means that you lost something.
- **Order**: per partition, so per member. Nothing is promised between partitions.
- **Replay**: from any offset, at any time; published topics are kept whole. Start a new group at the first offset to rebuild yourself.
- **Change**: new optional fields, new message types and new values of enums may come within a version; ignore what you do not know. Anything else gets a new version in type and topic, and the old one stays for at least twelve months.
- **Wrong messages**: what you cannot process is yours to keep; what we cannot process is kept as a dead letter with its bytes and shown by \`jifen dead-letters\`.`;

const headers: Fields = {
  type: 'object',
  required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_partitionkey', 'ce_sequence'],
  properties: {
    'content-type': { type: 'string', const: 'application/json' },
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string', description: 'unique: log, partition and position' },
    ce_source: { type: 'string', description: 'the service that wrote it, e.g. /jifen/ledger' },
    ce_type: { type: 'string' },
    ce_time: { type: 'string', description: 'when it happened, UTC' },
    ce_recordedtime: { type: 'string', description: 'when it was recorded here, UTC' },
    ce_partitionkey: { type: 'string', description: 'as the record key' },
    ce_sequence: { type: 'string', pattern: '^\\d{16}$', description: 'position in the partition, gapless from 1' },
    ce_schemaversion: { type: 'string', description: 'version of the value’s form' },
    ce_correlationid: { type: 'string', description: 'the same from the request or order to its last effect' },
    ce_causationid: { type: 'string', description: 'ce_id of the message that this one answers' },
    traceparent: { type: 'string', description: 'W3C trace context' },
  },
};

/** In a document with many schemas `#/…` means the document: inner references are written out in full. */
function embedded(value: Json, root: string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => embedded(item, root));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$schema' && key !== '$id' && key !== 'x-zh')
      .map(([key, inner]) => [
        key,
        key === '$ref' && typeof inner === 'string' ? inner.replace(/^#/, root) : embedded(inner, root),
      ]),
  );
}

const messageId = ({ topic }: Channel, { type }: ChannelMessage): string => `${topic.split('.')[1] ?? topic}.${type}`;

function message(channel: Channel, { type, schema, says }: ChannelMessage): Fields {
  const ours = channel.action === 'send';
  return {
    name: type,
    title: type,
    summary: says,
    contentType: 'application/json',
    ...(ours ? { headers: { $ref: '#/components/schemas/headers' } } : {}),
    payload: { $ref: `#/components/schemas/${schema}` },
    bindings: { kafka: { key: { type: 'string', description: channel.key }, bindingVersion: KAFKA_BINDING } },
    examples: EXAMPLES.filter((example) => example.type === type).map(({ value }) => ({
      payload: value as Json,
    })),
  };
}

function channelFields(channel: Channel, partitions: number): Fields {
  const { topic, title, description, retention, messages } = channel;
  const whole: Fields = retention === 'whole' ? { 'retention.ms': -1 } : {};
  return {
    address: topic,
    title,
    description,
    messages: Object.fromEntries(
      messages.map((one) => [one.type, { $ref: `#/components/messages/${messageId(channel, one)}` }]),
    ),
    bindings: {
      kafka: {
        topic,
        partitions,
        topicConfiguration: {
          'cleanup.policy': [retention === 'latest of each key' ? 'compact' : 'delete'],
          'max.message.bytes': RECORD_LIMIT,
          ...whole,
        },
        bindingVersion: KAFKA_BINDING,
      },
    },
  };
}

/** The body of a webhook: the message's own value stands in an envelope. */
function webhookMessage({ type, schema, says }: ChannelMessage): Fields {
  const text: Fields = { type: 'string' };
  const payload: Fields = {
    type: 'object',
    required: ['id', 'type', 'time', 'program', 'member', 'data'],
    properties: {
      id: { ...text, description: 'the same in every attempt, resend and replay' },
      type: { const: type },
      time: { ...text, description: 'when it happened, UTC' },
      program: text,
      member: text,
      data: { $ref: `#/components/schemas/${schema}/schema` },
    },
  };
  const head = { id: 'message-17', type, time: '2026-11-28T04:00:00.000Z', program: 'demo', member: 'm-1' };
  return {
    ...{ name: type, title: type, summary: says, contentType: 'application/json' },
    payload: { schemaFormat: SCHEMA_FORMAT, schema: payload },
    examples: EXAMPLES.filter((example) => example.type === type).map(({ value }) => ({
      payload: { ...head, data: value as Json },
    })),
  };
}

const WEBHOOK = 'webhook';
const webhookId = ({ type }: ChannelMessage): string => `${WEBHOOK}.${type}`;

/** Where a receiver listens is not ours to say: it has no address. */
const webhookChannel = (): Fields => ({
  address: null,
  title: WEBHOOK_MESSAGES.title,
  description: WEBHOOK_MESSAGES.description,
  messages: Object.fromEntries(
    WEBHOOK_MESSAGES.messages.map((one) => [one.type, { $ref: `#/components/messages/${webhookId(one)}` }]),
  ),
});

/** The contract of all topics, and of what only webhooks carry, as an AsyncAPI 3.0 document. */
export function asyncApi(version: string, partitions: number): Readonly<Record<string, unknown>> {
  const used = new Set([...CHANNELS, WEBHOOK_MESSAGES].flatMap(({ messages }) => messages.map(({ schema }) => schema)));
  const schemas = [...used].map((name) => [
    name,
    { schemaFormat: SCHEMA_FORMAT, schema: embedded(SCHEMAS[name] as Json, `#/components/schemas/${name}/schema`) },
  ]);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Jifen events',
      version,
      description: PROMISES,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      ...Object.fromEntries(CHANNELS.map((channel) => [channel.topic, channelFields(channel, partitions)])),
      [WEBHOOK]: webhookChannel(),
    },
    operations: {
      ...Object.fromEntries(
        CHANNELS.map(({ action, topic }) => [
          `${action}.${topic}`,
          { action, channel: { $ref: `#/channels/${topic}` }, bindings: { kafka: { bindingVersion: KAFKA_BINDING } } },
        ]),
      ),
      [`send.${WEBHOOK}`]: { action: 'send', channel: { $ref: `#/channels/${WEBHOOK}` } },
    },
    components: {
      messages: Object.fromEntries([
        ...CHANNELS.flatMap((channel) =>
          channel.messages.map((one) => [messageId(channel, one), message(channel, one)] as const),
        ),
        ...WEBHOOK_MESSAGES.messages.map((one) => [webhookId(one), webhookMessage(one)] as const),
      ]),
      schemas: { headers, ...(Object.fromEntries(schemas) as Fields) },
    },
  };
}
