import { runHost } from '@jifen/service-host';
import { notificationsService } from './notifications.module.ts';

await runHost([notificationsService]);
