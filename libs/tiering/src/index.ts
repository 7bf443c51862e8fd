export * from './grant.ts';
export * from './ladder.ts';
export * from './reference-ladder.ts';
export * from './standing.ts';
export {
  BEGINNING,
  codeOf,
  firstTimeline,
  sameTimeline,
  tierAt,
  timelineOf,
  type TierSince,
  type Timeline,
} from './timeline.ts';
