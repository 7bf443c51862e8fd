import type { FoldedEvent } from '@jifen/event-store-postgres';
import type { RatingMade } from '@jifen/contracts';
import type { CompiledProgram } from '@jifen/rules';
import { instant } from '@jifen/kernel';
import type { ProgramCatalog } from '../application/program-catalog.ts';
import { ApprovalFold } from './approval-fold.ts';
import type { BookRow } from './books.ts';
import { OnceFold } from './once-fold.ts';
import { ReferralFold, type ReferralFound } from './referral-fold.ts';
import { WindowFold } from './window-fold.ts';

/** Rows of one member as the log gives them. */
export interface MemberRows {
  readonly owner: string;
  readonly rows: readonly FoldedRow[];
  /** What is to be known of others before its referral can be told. */
  readonly referral: ReferralFound | undefined;
}

export interface FoldedRow {
  readonly book: string;
  readonly row: BookRow;
  /**
   * `exactly`: the live row must say this. `or-none`: or be missing. `as-it-is`: the log of that time does not say it; the live
   * row stands.
   */
  readonly due: 'exactly' | 'or-none' | 'as-it-is';
}

/** A rating of the log, with the program that it was made under. */
export interface FoldedRating {
  readonly stream: string;
  readonly position: number;
  readonly recordedAt: string;
  readonly made: RatingMade;
  /** As it holds for the cause; nothing where no version was in force. */
  readonly program: CompiledProgram | undefined;
}

/** What the ratings of one member give: added stream by stream, each in its order. */
export class MemberFold<Sql> {
  readonly owner: string;
  readonly #catalog: ProgramCatalog<Sql>;
  readonly #sql: Sql;
  readonly #approvals: ApprovalFold;
  readonly #once: OnceFold;
  readonly #windows: WindowFold;
  readonly #referral: ReferralFold;
  #last: FoldedRating | undefined;

  constructor(owner: string, catalog: ProgramCatalog<Sql>, sql: Sql) {
    this.owner = owner;
    this.#catalog = catalog;
    this.#sql = sql;
    this.#approvals = new ApprovalFold(owner);
    this.#once = new OnceFold(owner);
    this.#windows = new WindowFold(owner);
    this.#referral = new ReferralFold(owner);
  }

  async add({ stream, position, recordedAt, data }: FoldedEvent): Promise<RatingMade> {
    const made = JSON.parse(data) as RatingMade;
    const program =
      made.programVersion === 0
        ? undefined
        : await this.#catalog.effective(this.#sql, made.program, made.programVersion, instant(made.occurredAt));
    if (this.#last !== undefined && this.#last.stream !== stream) this.#close(this.#last);
    this.#last = { stream, position, recordedAt, made, program };
    this.#approvals.add(this.#last);
    this.#once.add(this.#last);
    return made;
  }

  async rows(): Promise<MemberRows> {
    if (this.#last !== undefined) this.#close(this.#last);
    const rows = [...this.#approvals.rows(), ...this.#once.rows(), ...this.#windows.rows()];
    const slash = this.owner.indexOf('/');
    const refers = this.#catalog.refers(this.owner.slice(0, slash));
    const versionOf = (program: string, version: number): Promise<CompiledProgram> =>
      this.#catalog.version(this.#sql, program, version);
    const referral = refers ? await this.#referral.found(versionOf) : undefined;
    return { owner: this.owner, rows, referral };
  }

  /** The last rating of a cause is what it stands for. */
  #close(last: FoldedRating): void {
    this.#once.close();
    this.#windows.add(last);
    this.#referral.add(last);
  }
}
