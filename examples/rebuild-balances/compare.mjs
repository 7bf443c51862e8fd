// Compares the rebuilt balances with what the API answers; exits with 1 while they differ.
import { DatabaseSync } from 'node:sqlite';

const { JIFEN_URL = 'http://127.0.0.1:3000', JIFEN_KEY = '', FILE = 'balances.sqlite' } = process.env;
const db = new DatabaseSync(FILE, { readOnly: true });
const fields = ['available', 'pending', 'held', 'debt'];
let compared = 0;
let different = 0;
for (const row of db.prepare('SELECT * FROM balance ORDER BY member').iterate()) {
  const url = `${JIFEN_URL}/v1/members/${encodeURIComponent(row.member)}/balance`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${JIFEN_KEY}` } });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  const { data } = await response.json();
  const account = data.find(({ currency }) => currency === row.currency);
  const same = account !== undefined && fields.every((field) => account[field] === row[field]);
  if (!same && different++ < 10)
    console.log(`${row.member}/${row.currency}: here ${JSON.stringify(row)}, API ${JSON.stringify(account)}`);
  compared += 1;
}
console.log(`${compared} accounts compared, ${different} different`);
process.exit(compared > 0 && different === 0 ? 0 : 1);
