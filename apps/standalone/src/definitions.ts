import { ingestionService } from '@jifen/app-ingestion';
import { ledgerService } from '@jifen/app-ledger';
import { notificationsService } from '@jifen/app-notifications';
import { rulesService } from '@jifen/app-rules';
import { tieringService } from '@jifen/app-tiering';
import type { ServiceDefinition, ServiceName } from '@jifen/service-host';

/** In the order an order flows. */
export const DEFINITIONS: readonly ServiceDefinition[] = [
  ingestionService,
  rulesService,
  ledgerService,
  tieringService,
  notificationsService,
];

/** Where each service answers. In one process all are the same. */
export type ServiceUrls = Readonly<Record<ServiceName, string>>;

export const sameUrl = (url: string): ServiceUrls => ({
  ingestion: url,
  rules: url,
  ledger: url,
  tiering: url,
  notifications: url,
});
