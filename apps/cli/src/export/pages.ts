import type { Invocation } from '../command.ts';
import { serverFor } from '../program/server.ts';
import { writeCsv } from './csv.ts';

const LIMIT = '200';

export type Page = Readonly<Record<string, unknown>>;

export interface List<Line> {
  readonly route: string;
  /** What the first page is asked for; its cursor carries it to the others. */
  readonly asked: Readonly<Record<string, string | undefined>>;
  readonly path: string;
  readonly header: readonly string[];
  /** Where a page says how many lines there are, about. */
  readonly total: string;
  readonly cells: (line: Line, page: Page) => readonly string[];
}

/** All pages of a list of the server in one file; answers how many lines that are and the last page. */
export async function exportPages<Line>(
  invocation: Invocation,
  { route, asked, path, header, total, cells }: List<Line>,
): Promise<{ readonly lines: number; readonly page: Page }> {
  const server = serverFor(invocation);
  const progress = invocation.progress('Exporting');
  const said = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined);
  let query = new URLSearchParams([['limit', LIMIT], ...said]);
  let lines = 0;
  let page: Page = {};
  await writeCsv(path, header, async (write) => {
    for (;;) {
      page = (await server.call('GET', `${route}?${query.toString()}`)).body;
      const data = page['data'] as readonly Line[];
      await write(data.map((line) => cells(line, page)));
      lines += data.length;
      progress(lines, Number(page[total]));
      const next = page['next'];
      if (typeof next !== 'string') break;
      query = new URLSearchParams({ limit: LIMIT, cursor: next });
    }
  });
  return { lines, page };
}
