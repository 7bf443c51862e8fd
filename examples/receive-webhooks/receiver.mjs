// Receives Jifen's webhooks: checks the signature, drops repeats, answers fast.
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const { WEBHOOK_SECRET, PORT = '8787', FILE = 'webhooks.sqlite' } = process.env;
if (!WEBHOOK_SECRET) throw new Error('set WEBHOOK_SECRET to what POST /v1/webhooks answered');
const webhook = new Webhook(WEBHOOK_SECRET);
const MAX_BYTES = 1_200_000;

const db = new DatabaseSync(FILE);
db.exec('CREATE TABLE IF NOT EXISTS received (id TEXT PRIMARY KEY, type TEXT, body TEXT) STRICT');
const insert = db.prepare('INSERT OR IGNORE INTO received VALUES (?, ?, ?)');

async function read(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const server = createServer(async (request, response) => {
  const answer = (status) => response.writeHead(status).end();
  try {
    const body = await read(request);
    if (body === undefined) return answer(413);
    // The bytes as they came are signed: verify first, parse afterwards. It also refuses what is older than five minutes.
    const event = webhook.verify(body, request.headers);
    // The same id may come again, after a lost answer. The row is the memory; do your work in its transaction, or from a queue.
    const fresh = insert.run(event.id, event.type, body).changes === 1;
    if (fresh) console.log(`${event.type} of ${event.member}: ${JSON.stringify(event.data)}`);
    return answer(204);
  } catch (error) {
    // 4xx and 5xx are tried again later, so an outage of ours loses nothing.
    if (error instanceof WebhookVerificationError) return answer(401);
    console.error(error);
    return answer(500);
  }
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
process.once('SIGTERM', () => server.close());
