import { CHANNELS, EXAMPLES, SCHEMAS, WEBHOOK_MESSAGES, type Channel, type ChannelMessage } from '@jifen/contracts';
import { escape, page, prose } from './html.ts';

const json = (value: unknown): string => escape(JSON.stringify(value, null, 2));

const RETENTION: Readonly<Record<Channel['retention'], string>> = {
  whole: 'kept whole',
  'broker default': 'as long as the broker keeps topics by default',
  'latest of each key': 'compacted: the latest of each key',
};

function messagePart({ type, schema, says }: ChannelMessage): string {
  const examples = EXAMPLES.filter((example) => example.type === type);
  return `<h3><code>${escape(type)}</code></h3><p>${prose(says)}</p>
${examples.map(({ value }) => `<pre>${json(value)}</pre>`).join('\n')}
<details><summary>JSON Schema <code>${schema}</code></summary><pre>${json(SCHEMAS[schema])}</pre></details>`;
}

const channelPart = (channel: Channel): string => `<h2 id="${channel.topic}"><code>${channel.topic}</code></h2>
<p><strong>${escape(channel.title)}.</strong> ${prose(channel.description)}</p>
<table><tr><th>Direction</th><td>${channel.action === 'send' ? 'Jifen writes, you read' : 'you write, Jifen reads'}</td></tr>
<tr><th>Key</th><td>${escape(channel.key)}</td></tr><tr><th>Retention</th><td>${RETENTION[channel.retention]}</td></tr></table>
${channel.messages.map(messagePart).join('\n')}`;

const webhookPart = (): string => `<h2 id="webhook">${escape(WEBHOOK_MESSAGES.title)}</h2>
<p>${prose(WEBHOOK_MESSAGES.description)}</p>
${WEBHOOK_MESSAGES.messages.map(messagePart).join('\n')}`;

/** The contract of the topics, and of what only webhooks carry, for people. */
export const eventsPage = (): string =>
  page(
    'Jifen events',
    `<h1>Jifen events</h1>
<p>CloudEvents 1.0 over Kafka in binary mode, at least once, in order for each member. The same as a document for machines:
<a href="asyncapi.json">asyncapi.json</a> (AsyncAPI 3.0). The routes over HTTP: <a href="docs">OpenAPI</a>.</p>
<ul>${CHANNELS.map(({ topic, title }) => `<li><a href="#${topic}"><code>${topic}</code></a> ${escape(title)}</li>`).join('')}<li><a href="#webhook">webhook</a> ${escape(WEBHOOK_MESSAGES.title)}</li></ul>
${CHANNELS.map(channelPart).join('\n')}
${webhookPart()}`,
  );
