import { open, type FileHandle } from 'node:fs/promises';
import { OWN_HEADER } from './columns.ts';
import { csvLine } from './csv-file.ts';
import type { FileRow } from './read-rows.ts';

const BOM = '\uFEFF';
const MAX_NAMES = 1_000;

/** The refused rows as they stood, each with its code and message: corrected, the file can be imported in its turn. */
export class ErrorsFile {
  written = 0;
  #path: string | undefined;
  #file: FileHandle | undefined;

  /** `path` is written over; without it the file gets the first free name beside the imported one. */
  constructor(
    private readonly imported: string,
    private readonly header: readonly string[],
    path: string | undefined,
  ) {
    this.#path = path;
  }

  /** Once there is an error. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Made with its first row; a byte order mark tells spreadsheets that it is UTF-8. */
  async add({ cells, importId, name }: FileRow, code: string, message: string): Promise<void> {
    if (this.#file === undefined) {
      this.#file = this.#path === undefined ? await this.#openFree() : await open(this.#path, 'w');
      await this.#file.write(BOM + csvLine([...this.header, ...OWN_HEADER]));
    }
    await this.#file.write(csvLine([...cells, importId, name, code, message]));
    this.written++;
  }

  /** Rows that somebody is correcting in the file of an earlier import stay as they are. */
  async #openFree(): Promise<FileHandle> {
    for (let n = 1; ; n++) {
      const path = `${this.imported}.errors${n === 1 ? '' : `-${n}`}.csv`;
      try {
        const file = await open(path, 'wx');
        this.#path = path;
        return file;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || n === MAX_NAMES) throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
