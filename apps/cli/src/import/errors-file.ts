import { open, type FileHandle } from 'node:fs/promises';
import { OWN_HEADER } from './columns.ts';
import { csvLine } from './csv-file.ts';
import type { FileRow } from './read-rows.ts';

const BOM = '\uFEFF';

/** The refused rows as they stood, each with its code and message: corrected, the file can be imported in its turn. */
export class ErrorsFile {
  written = 0;
  #file: FileHandle | undefined;

  constructor(
    readonly path: string,
    private readonly header: readonly string[],
  ) {}

  /** Made with its first row; a byte order mark tells spreadsheets that it is UTF-8. */
  async add({ cells, importId, name }: FileRow, code: string, message: string): Promise<void> {
    if (this.#file === undefined) {
      this.#file = await open(this.path, 'w');
      await this.#file.write(BOM + csvLine([...this.header, ...OWN_HEADER]));
    }
    await this.#file.write(csvLine([...cells, importId, name, code, message]));
    this.written++;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
