import { open } from 'node:fs/promises';
import { csvLine } from '../import/csv-file.ts';

type Row = readonly string[];

/** A file of CSV with what is written meanwhile: whole when this is over, and cut short where it throws. */
export async function writeCsv(
  path: string,
  header: Row,
  fill: (write: (rows: readonly Row[]) => Promise<void>) => Promise<void>,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.appendFile(csvLine(header));
    await fill((rows) => file.appendFile(rows.map(csvLine).join('')));
  } finally {
    await file.close();
  }
}
