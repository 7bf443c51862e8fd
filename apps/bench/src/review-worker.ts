import { tieringService } from '@jifen/app-tiering';
import { bareService } from './bare-service.ts';

/** A process that does nothing but hold reviews, as a tiering process does beside its postings, until its parent is gone. */
const [databaseUrl = '', at = ''] = process.argv.slice(2);
const now = Date.parse(at);
const stop = new AbortController();
process.once('disconnect', () => stop.abort());
const tiering = await bareService(tieringService, databaseUrl, () => now);
const task = tiering.parts.background?.find(({ name }) => name === 'review-standings');
if (task === undefined) throw new Error('tiering holds no reviews');
await task.run(stop.signal);
await tiering.close();
