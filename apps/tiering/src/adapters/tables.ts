import type { TieringTables } from '../application/ports.ts';
import { grantsOf, saveGrants } from './grant-table.ts';
import { laddersInForce, programsWithLadders, saveLadder } from './ladder-table.ts';
import { recomputationsOf, saveRecomputation } from './recomputation-table.ts';
import { saveStandings, standingsAfter, standingsOf } from './standing-table.ts';
import type { Queryable } from './queryable.ts';

export const tables: TieringTables<Queryable> = {
  laddersInForce,
  programs: programsWithLadders,
  saveLadder,
  saveGrants,
  grantsOf,
  standingsOf,
  standingsAfter,
  saveStandings,
  recomputations: recomputationsOf,
  saveRecomputation,
};
