import { present } from '@jifen/kernel';
import type { Account } from '@jifen/ledger';

/** The parts of `program/member/currency`; none of the three may contain a slash. */
export function ownerOf(key: string): Pick<Account, 'program' | 'member' | 'currency'> {
  const [program, member, currency] = key.split('/');
  const what = `a part of the account key ${key}`;
  return { program: present(program, what), member: present(member, what), currency: present(currency, what) };
}
