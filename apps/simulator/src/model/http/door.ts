import { createClient, oneTarget, UnexpectedAnswer, type Client } from '../../client.ts';
import { sleep } from '../../parallel.ts';

/** What a command was answered with. */
export interface Said {
  /** `ok`, or the code of the refusal. */
  readonly code: string;
  /** The exact JSON text. */
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly replayed: boolean;
}

/** The figures of an account, as any answer states them. */
export interface Figures {
  readonly available: number;
  readonly pending: number;
  readonly held: number;
  readonly debt: number;
  readonly net: number;
  readonly lapsed?: number;
}

export interface Lot {
  readonly lot: string;
  readonly remaining: number;
  readonly earnedAt: string;
  readonly availableAt: string;
  readonly expiresAt: string | null;
}

/** A line of a statement. */
export interface Line {
  readonly type: string;
  readonly points: number;
}

/** The API of a running system, as one program's key sees it. */
export interface Door extends Pick<Client, 'submit' | 'publishProgram'> {
  command(path: string, body: object, key: string): Promise<Said>;
  /** Of a member that has no account yet: zeros. `after`: a token to wait for. */
  balance(member: string, after?: string): Promise<Figures>;
  /** All pages. */
  openLots(member: string): Promise<readonly Lot[]>;
  /** All pages, newest first. */
  statement(member: string, types?: readonly string[]): Promise<readonly Line[]>;
}

interface Page {
  readonly data: readonly unknown[];
  readonly next?: string | null;
}

const REQUEST_TIMEOUT_MS = 20_000;
const PAGE = 200;
const NOTHING: Figures = { available: 0, pending: 0, held: 0, debt: 0, net: 0, lapsed: 0 };

export function createDoor(url: string, apiKey: string): Door {
  const { submit, publishProgram } = createClient(oneTarget(url), apiKey);
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${apiKey}`, ...(init.headers as Readonly<Record<string, string>>) };
    return fetch(url + path, { ...init, headers, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  };
  const read = async (path: string): Promise<Page> => {
    const response = await call(path);
    const text = await response.text();
    if (response.status === 404) return { data: [] };
    if (response.status !== 200) throw new UnexpectedAnswer(response.status, text, `GET ${path}`);
    return JSON.parse(text) as Page;
  };
  const pages = async (path: string): Promise<readonly unknown[]> => {
    const all: unknown[] = [];
    for (let cursor: string | null | undefined = ''; cursor !== null && cursor !== undefined;) {
      const page: Page = await read(
        `${path}&limit=${PAGE}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      all.push(...page.data);
      cursor = page.next;
    }
    return all;
  };
  const at = (member: string, what: string): string => `/v1/members/${encodeURIComponent(member)}/${what}`;
  return {
    submit,
    publishProgram,
    command: async (path, body, key) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key };
      const response = await call(path, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await response.text();
      const answer = JSON.parse(text) as Said['body'];
      if (response.status >= 500) throw new UnexpectedAnswer(response.status, text, `POST ${path}`);
      return {
        code: response.ok ? 'ok' : String(answer['code']),
        text,
        body: answer,
        replayed: response.headers.get('idempotency-replayed') === 'true',
      };
    },
    balance: async (member, after) => {
      const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
      const { data } = await read(at(member, `balance${query}`));
      return (data[0] as Figures | undefined) ?? NOTHING;
    },
    openLots: async (member) => (await pages(at(member, 'lots?state=open'))) as readonly Lot[],
    statement: async (member, types) => {
      const only = types === undefined ? '' : `&type=${types.join(',')}`;
      return (await pages(at(member, `statement?currency=points${only}`))) as readonly Line[];
    },
  };
}

const SETTLE_MS = 30_000;
const PAUSE_MS = 20;

/** Reads until what is read is as far as wanted, which the system gets to by itself. */
export async function until<T>(what: string, read: () => Promise<T>, wanted: (found: T) => boolean): Promise<T> {
  for (const end = Date.now() + SETTLE_MS; ; await sleep(PAUSE_MS)) {
    const found = await read();
    if (wanted(found)) return found;
    if (Date.now() > end) throw new Error(`${what}: still ${JSON.stringify(found)}`);
  }
}
