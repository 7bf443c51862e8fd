export { answerCheck, checkAnswersOf, type ApiDocument } from './checked-answers.ts';
export * from './clock.ts';
export { DataDirectoryError } from './postgres-data-dir.ts';
export * from './postgres.ts';
export * from './kafka-broker.ts';
export * from './kafka-suite.ts';
export * from './until.ts';
export * from './left-out.ts';
