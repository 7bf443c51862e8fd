export interface RefLot {
  readonly id: string;
  readonly award: string;
  left: number;
  expired: number;
  from: number;
  until: number;
  earned: number;
  extended: boolean;
  readonly source?: string;
}

export interface Part {
  readonly lot: RefLot;
  points: number;
}

export interface RefHold {
  readonly id: string;
  readonly until: number;
  state: 'open' | 'captured' | 'released' | 'lapsed' | 'moved';
  parts: Part[];
}

export interface Spent {
  readonly id: string;
  readonly parts: (Part & { back: number })[];
}

export type Dates = Pick<RefLot, 'from' | 'until' | 'earned'>;

export interface Carried {
  readonly lot: RefLot;
  readonly points: number;
  /** What travels has the dates of its leaving. */
  readonly dates: Dates;
  readonly home?: string | undefined;
}

export const carried = (lot: RefLot, points: number, home?: string): Carried => {
  const { from, until, earned } = lot;
  return { lot, points, dates: { from, until, earned }, home };
};

export interface Parcel {
  readonly kind: 'transfer' | 'merge' | 'unmerge';
  readonly from: string;
  readonly to: string;
  readonly merge?: string;
  readonly first: boolean;
  readonly id: string;
  readonly parts: readonly Carried[];
  readonly holds: readonly RefHold[];
  readonly debt: number;
  refused?: boolean;
}

export interface Rated {
  readonly award: string;
  readonly revision: number;
  readonly target: number;
  readonly from: number;
  readonly until: number;
  readonly earned: number;
  readonly policy: 'award-only' | 'within-balance' | 'allow-debt';
  readonly limit: number;
}
