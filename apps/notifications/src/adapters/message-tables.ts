import { messageTable } from './message-table.ts';
import { recipientTable } from './recipient-table.ts';
import { settingTable } from './setting-table.ts';
import { standingTable } from './standing-table.ts';
import { wordsTable } from './words-table.ts';

export const messageTables = {
  messages: messageTable,
  recipients: recipientTable,
  settings: settingTable,
  standings: standingTable,
  words: wordsTable,
} as const;
