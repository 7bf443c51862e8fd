import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDecimal, present, type RoundingMode } from '@jifen/kernel';
import { columnsOf } from './columns.ts';
import { convert } from './convert.ts';
import { csvLine, surveyOf } from './csv-file.ts';
import { openRows, type FileRow } from './read-rows.ts';

describe('P11: old points become new ones', () => {
  const at = (rate: string, rounding: RoundingMode) => ({ rate: present(parseDecimal(rate), rate), rounding });
  it.each([
    ['1200', undefined, 1200],
    ['12.00', undefined, 12],
    ['1234', at('0.1', 'floor'), 123],
    ['1235', at('0.1', 'half-up'), 124],
    ['1235', at('0.1', 'half-even'), 124],
    ['1225', at('0.1', 'half-even'), 122],
    ['1', at('0.1', 'ceil'), 1],
    ['10.5', at('3.33', 'floor'), 34],
    ['900719925474099', at('10', 'floor'), 9_007_199_254_740_990],
    ['0', undefined, 0],
  ])('%s at %j are %d', (text, conversion, points) => {
    expect(convert(text, conversion)).toBe(points);
  });

  it.each([
    ['', 'no number'],
    ['1,200', 'no number'],
    ['1e3', 'no number'],
    ['-5', 'below 0'],
    ['12.5', 'not whole'],
    ['99999999999999999', 'more than a balance can hold'],
  ])('%j cannot', (text, why) => {
    expect(convert(text, undefined)).toMatch(why);
  });
});

describe('the header', () => {
  it.each([
    [['member', 'points'], { member: 0, points: 1 }],
    [['Points', 'shop', 'Earned-On', 'MEMBER'], { points: 0, earnedOn: 2, member: 3 }],
    [['会员', '积分', '获得日期', '到期日期', '原因'], { member: 0, points: 1, earnedOn: 2, expiresOn: 3, reason: 4 }],
  ])('%j is understood', (header, expected) => {
    const columns = columnsOf(header);
    expect(typeof columns === 'string' ? columns : Object.fromEntries(columns)).toEqual(expected);
  });
  it.each([
    [['member'], 'no column "points"'],
    [['id', 'total'], '"member"'],
    [['member', 'points', 'balance'], 'names points twice'],
  ])('%j is not', (header, why) => {
    expect(columnsOf(header)).toMatch(why);
  });
});

describe('Q33: a file of balances', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jifen-import-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (content: string | Uint8Array, encoding: 'utf-8' | 'gb18030' = 'utf-8') => {
    const path = join(folder, 'balances.csv');
    await writeFile(path, content);
    const options = { path, encoding, importId: 'imp', currency: undefined, conversion: undefined };
    const { header, rows } = await openRows(options);
    const found: FileRow[] = [];
    for await (const row of rows) found.push(row);
    return { header, found };
  };

  it('may have a byte order mark, CRLF, quotes with line breaks, blank lines and columns of its own', async () => {
    const { header, found } = await read(
      '\uFEFFmember,points,reason,shop\r\n m-1 ,100,"moved, with ""care""\nand a break",北京\r\n\r\nm-2,0,,\r\nm-3,5\r\n',
    );
    expect(header).toEqual(['member', 'points', 'reason', 'shop']);
    expect(found.map(({ name, body }) => [name, body])).toEqual([
      ['3', { row: '3', member: 'm-1', points: 100, reason: 'moved, with "care"\nand a break' }],
      ['5', undefined],
      ['6', { row: '6', member: 'm-3', points: 5 }],
    ]);
    expect(csvLine(found[0]?.cells ?? [])).toBe('m-1,100,"moved, with ""care""\nand a break",北京\r\n');
  });

  it('says what is wrong with a row, and goes on', async () => {
    const { found } = await read('member,points\nm-1,many\nm-2,5,6\nm-3,7\n');
    expect(found.map(({ fault, body }) => fault ?? body?.points)).toEqual([
      '"many" is no number like 1200 or 1200.5, without separators'.replace(/^/, 'points '),
      'has 3 cells, the header 2',
      7,
    ]);
  });

  it('keeps the name of import and row when it is a file of errors', async () => {
    const { header, found } = await read(
      'member,points,import_id,import_row,error_code,error_message\nm-1,5,csv-0a,17,invalid_request,/member\n',
    );
    expect(header).toEqual(['member', 'points']);
    expect(found).toMatchObject([{ importId: 'csv-0a', name: '17', cells: ['m-1', '5'], body: { row: '17' } }]);
  });

  it('is read as GB18030 when it is said to be, and refused when it is not UTF-8', async () => {
    const bytes = Uint8Array.from([...Buffer.from('member,points,reason\nm-1,5,'), 0xbb, 0xfd, 0xb7, 0xd6, 10]);
    expect((await read(bytes, 'gb18030')).found).toMatchObject([{ body: { reason: '积分' } }]);
    await expect(read(bytes)).rejects.toThrow('--encoding gb18030');
  });

  it.each([
    ['', 'is empty'],
    ['member;points\nm-1;5\n', 'no column'],
    ['member,points\n"m-1,5\n', 'no CSV'],
  ])('%j is none', async (content, why) => {
    await expect(read(content)).rejects.toThrow(why);
  });

  it('has a name by its content', async () => {
    await read('member,points\nm-1,5\n');
    const survey = await surveyOf(join(folder, 'balances.csv'));
    expect(survey).toMatchObject({ lines: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});
