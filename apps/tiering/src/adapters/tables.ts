import type { TieringTables } from '../application/ports.ts';
import { assignmentsOf, saveAssignment } from './assignment-table.ts';
import { saveBundle, takeBundles } from './bundle-table.ts';
import { dropDigests, digestsOf, saveDigests, saveRecent } from './digest-table.ts';
import { factsAbout, factsOf, saveGrants, saveJoinings, savePurchases } from './fact-tables.ts';
import {
  awaitingOrders,
  countingOrders,
  haveOrders,
  laddersInForce,
  programsWithLadders,
  saveLadder,
} from './ladder-table.ts';
import { recomputationsOf, saveRecomputation } from './recomputation-table.ts';
import { partitionsDue, reviewBacklog, standingsDue } from './review-table.ts';
import {
  awaitStandings,
  countStandings,
  saveStandings,
  standingsAfter,
  standingsOf,
  standingsOfProgram,
} from './standing-table.ts';
import type { Queryable } from './queryable.ts';

export const tables: TieringTables<Queryable> = {
  laddersInForce,
  programs: programsWithLadders,
  saveLadder,
  countingOrders,
  awaitingOrders,
  haveOrders,
  saveBundle,
  takeBundles,
  saveGrants,
  savePurchases,
  saveJoinings,
  saveAssignment,
  assignmentsOf,
  factsOf,
  factsAbout,
  digestsOf,
  saveDigests,
  saveRecent,
  dropDigests,
  standingsOf,
  standingsAfter,
  standingsOfProgram,
  countStandings,
  standingsDue,
  partitionsDue,
  reviewBacklog,
  saveStandings,
  awaitStandings,
  recomputations: recomputationsOf,
  saveRecomputation,
};
