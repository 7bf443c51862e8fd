import type { Violation } from '@jifen/contracts';
import { formatMoney, parseMoney, type Money, type MoneyRefusal } from '@jifen/kernel';

const MESSAGES: Readonly<Record<MoneyRefusal, string>> = {
  'not-a-decimal': 'is not a decimal number',
  'too-many-decimals': 'has more decimals than the currency',
  'out-of-range': 'is too large',
};

/** Reads the money fields of one record, all in one currency, and collects what is wrong with them. */
export class MoneyFields {
  readonly violations: Violation[] = [];
  readonly currency: string;

  constructor(currency: string) {
    this.currency = currency;
  }

  /** Minor units; 0 for an absent field and for one that is refused. */
  read(text: string | undefined, pointer: string): number {
    if (text === undefined) return 0;
    const parsed = parseMoney(text, this.currency);
    if (parsed.ok) return parsed.value;
    this.refuse(pointer, MESSAGES[parsed.refusal]);
    return 0;
  }

  /** The sum; refused when it leaves the safe integers. */
  add(total: number, value: number, pointer: string): number {
    const sum = total + value;
    if (Number.isSafeInteger(sum)) return sum;
    this.refuse(pointer, 'makes the total too large');
    return total;
  }

  refuse(pointer: string, message: string): void {
    this.violations.push({ pointer, message });
  }

  format(minor: number): string {
    return formatMoney(minor as Money, this.currency);
  }
}
