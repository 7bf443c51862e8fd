export { rulesService } from './rules.module.ts';
export { createRulesConsumer, type RulesConsumerParts } from './adapters/consumer.ts';
export { RULES_MIGRATIONS } from './adapters/migrations.ts';
export { tables as rulesTables } from './adapters/tables.ts';
export { ProgramCatalog } from './application/program-catalog.ts';
export {
  publishProgram,
  type Publication,
  type PublishCommand,
  type PublishParts,
} from './application/publish-program.ts';
export {
  readDocumentText,
  yamlText,
  type DocumentText,
  type TextFault,
  type TextPlace,
} from './adapters/document-text.ts';
export { diffOf, type DocumentDiff } from './application/program-versions.ts';
export { runProgramTest, type CaseReport, type Mismatch } from './application/program-test/run.ts';
export { simulateSteps } from './application/simulation/simulate-steps.ts';
export type { Totals } from './application/simulation/tally.ts';
export { decideAwards, type AwardRuling } from './application/approval/decide-awards.ts';
export { rateBatch } from './application/rate-batch.ts';
export { causeOf, type RulesItem } from './application/cause.ts';
export { rateAgain } from './application/make-rating.ts';
export type { PublishedVersion } from './application/ports.ts';
export { memoryBudgets } from './application/memory/memory-budgets.ts';
export { memoryTables } from './application/memory/memory-tables.ts';
export { compareRules, rebuildRules, type RulesBooksOptions, type RulesRebuild } from './maintenance/verify.ts';
export type { Findings as RulesFindings } from './maintenance/walk.ts';
