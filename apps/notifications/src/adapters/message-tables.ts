import { balanceTable } from './balance-table.ts';
import { lotTable } from './lot-table.ts';
import { ledgerReadingTable } from './ledger-reading-table.ts';
import { messageTable } from './message-table.ts';
import { nudgeTable } from './nudge-table.ts';
import { recipientTable } from './recipient-table.ts';
import { settingTable } from './setting-table.ts';
import { standingTable } from './standing-table.ts';
import { wordsTable } from './words-table.ts';

export const messageTables = {
  balances: balanceTable,
  lots: lotTable,
  messages: messageTable,
  nudges: nudgeTable,
  readings: ledgerReadingTable,
  recipients: recipientTable,
  settings: settingTable,
  standings: standingTable,
  words: wordsTable,
} as const;
